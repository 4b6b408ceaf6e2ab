using CraftKit.Edge.Events;

namespace CraftKit.Edge.Cli;

/// <summary>Writes exported events to a stream. Buffers; what was written counts after <see cref="Flush"/>.</summary>
internal interface IEventFormat
{
    /// <summary>Writes one event.</summary>
    void Write(ExportedEvent exported);

    /// <summary>Hands everything written so far to the stream.</summary>
    void Flush();
}
