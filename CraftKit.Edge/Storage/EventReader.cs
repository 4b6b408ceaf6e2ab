using CraftKit.Edge.Events;

namespace CraftKit.Edge.Storage;

/// <summary>A read-only connection to <c>events.db</c>.</summary>
/// <remarks>Rows never change once they are committed, so no long snapshot is ever needed: a read transaction lasts for one render's newest events or
/// one page, and never holds a checkpoint back for long. Used by one thread at a time.</remarks>
internal sealed class EventReader : IDisposable
{
    private const string Columns = "e.sequence, e.id, e.previous, e.type, e.share, e.address, e.user_agent, e.metadata";

    private readonly SqliteFile _file;
    private readonly SqliteStatement _one;
    private readonly SqliteStatement _page;

    private EventReader(SqliteFile file)
    {
        _file = file;
        _one = file.Prepare($"SELECT {Columns} FROM events e WHERE e.sequence = ?1");
        _page = file.Prepare(
            $"SELECT {Columns}, r.id, p.id FROM events e JOIN renders r ON r.number = e.render JOIN projects p ON p.number = r.project " +
            "WHERE e.sequence > ?1 ORDER BY e.sequence");
    }

    /// <summary>Opens an existing store for reading.</summary>
    /// <exception cref="Platform.EdgeException">It is missing, foreign, damaged or newer.</exception>
    public static EventReader Open(string path)
    {
        var file = SqliteFile.Open(path, EventSchema.Schema, SqliteAccess.ReadOnly, SqliteSynchronous.Normal);
        try
        {
            return new EventReader(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A render's newest events, newest first.</summary>
    /// <param name="last">Sequence of its newest event (<see cref="RenderTally.Last"/>), 0 without one.</param>
    /// <param name="limit">How many at most.</param>
    /// <exception cref="Platform.EdgeException">Storage failed.</exception>
    public List<EngagementEvent> ReadRecent(long last, int limit)
    {
        var events = new List<EngagementEvent>(limit);
        using var transaction = _file.BeginRead();
        for (var sequence = last; sequence != 0 && events.Count < limit;)
        {
            _one.Bind(1, sequence);
            if (!_one.Step())
                break;
            events.Add(new EngagementEvent(Id(_one), Type(_one), _one.ColumnText(4), Address(_one), _one.ColumnText(6), Metadata(_one)));
            sequence = _one.ColumnInt64(2);
            _one.Reset();
        }
        return events;
    }

    /// <summary>Reads stored events in the order of recording, from after <paramref name="sequence"/>, for at most about 50 ms.</summary>
    /// <param name="sequence">The last one read before; becomes the last one looked at now.</param>
    /// <param name="page">Receives the events that <paramref name="filter"/> lets pass; cleared first.</param>
    /// <param name="filter">Which events are wanted.</param>
    /// <param name="clock">Measures the time that the snapshot is held.</param>
    /// <returns>False when the end was reached.</returns>
    /// <exception cref="Platform.EdgeException">Storage failed.</exception>
    public bool ReadPage(ref long sequence, List<ExportedEvent> page, EventFilter filter, TimeProvider clock)
    {
        page.Clear();
        var start = clock.GetTimestamp();
        using var transaction = _file.BeginRead();
        _page.Bind(1, sequence);
        for (var rows = 1; _page.Step(); rows++)
        {
            sequence = _page.ColumnInt64(0);
            var id = Id(_page);
            if (filter.Takes(id.CreatedAt, _page.ColumnBytes(8), _page.ColumnBytes(9)))
            {
                page.Add(new ExportedEvent(
                    id, Type(_page), _page.ColumnText(8)!, _page.ColumnText(9)!, _page.ColumnText(4), Address(_page), _page.ColumnText(6),
                    Metadata(_page) is { } metadata ? metadata : (ReadOnlyMemory<byte>?)null));
            }
            if (rows % 64 == 0 && clock.GetElapsedTime(start) > MaxSnapshot)
            {
                _page.Reset();
                return true;
            }
        }
        return false;
    }

    public void Dispose()
    {
        _one.Dispose();
        _page.Dispose();
        _file.Dispose();
    }

    // Leaves room below the 50 ms that a snapshot of ours may last at most.
    private static readonly TimeSpan MaxSnapshot = TimeSpan.FromMilliseconds(30);

    private static EventId Id(SqliteStatement row) => EventId.Read(row.ColumnBytes(1));

    private static EventType Type(SqliteStatement row) => (EventType)row.ColumnInt64(3);

    private static ClientAddress Address(SqliteStatement row) => StoredAddress.Read(row.ColumnBytes(5));

    private static byte[]? Metadata(SqliteStatement row) => row.IsNull(7) ? null : row.ColumnBytes(7).ToArray();
}
