using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Configuration;

/// <summary>Section <c>log</c>: what is logged to stderr, and in which form.</summary>
internal sealed record LogSection
{
    /// <summary>Entries below this level are not written.</summary>
    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>The form of an entry.</summary>
    public LogFormat Format { get; set; } = LogFormat.Text;
}
