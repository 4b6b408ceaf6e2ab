using System.Collections.Concurrent;
using CraftKit.Edge.Events;

namespace CraftKit.Edge.Storage;

/// <summary>Read-only connections for requests on the thread pool; a connection that failed is not used again.</summary>
internal sealed class EventReaderPool(string path) : IDisposable
{
    private readonly ConcurrentBag<EventReader> _idle = [];
    private volatile bool _disposed;

    /// <inheritdoc cref="EventReader.ReadRecent"/>
    public List<EngagementEvent> ReadRecent(long last, int limit)
    {
        if (last == 0)
            return [];
        if (!_idle.TryTake(out var reader))
            reader = EventReader.Open(path);
        List<EngagementEvent> events;
        try
        {
            events = reader.ReadRecent(last, limit);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
        // As many stay as were ever in use at once, which the listener's limits bound.
        _idle.Add(reader);
        if (_disposed)
            Dispose();
        return events;
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var reader))
            reader.Dispose();
    }
}
