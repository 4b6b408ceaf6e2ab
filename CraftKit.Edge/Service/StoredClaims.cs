using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Events;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Service;

/// <summary>Reads the dedupe keys of the stored events, from the newest back.</summary>
internal sealed class StoredClaims(EventStore store) : IDisposable
{
    private readonly Dictionary<long, (byte[] Project, byte[] Render)> _names = [];
    private readonly SqliteStatement _name = store.File.Prepare("SELECT p.id, r.id FROM renders r JOIN projects p ON p.number = r.project WHERE r.number = ?1");
    private readonly SqliteStatement _rows = store.File.Prepare("SELECT boot, claimed, render, type, share, address, id FROM events ORDER BY sequence DESC");

    /// <summary>The next older event.</summary>
    /// <param name="key">Its dedupe key under this process' seed.</param>
    /// <param name="boot">The number of its boot.</param>
    /// <param name="claimed">When its window began, time since that boot in 100 ns.</param>
    /// <param name="createdAt">When it was recorded by the wall clock.</param>
    /// <returns>False after the oldest.</returns>
    /// <exception cref="EdgeException">Storage failed.</exception>
    public bool TryRead(out DedupeKey key, out int boot, out long claimed, out DateTimeOffset createdAt)
    {
        (key, boot, claimed, createdAt) = (default, 0, 0, default);
        if (!_rows.Step())
            return false;
        boot = (int)_rows.ColumnInt64(0);
        claimed = _rows.ColumnInt64(1);
        createdAt = EventId.Read(_rows.ColumnBytes(6)).CreatedAt;
        var (project, render) = NameOf(_rows.ColumnInt64(2));
        key = DedupeWindow.KeyOf((EventType)_rows.ColumnInt64(3), project, _rows.ColumnBytes(4), render, StoredAddress.Read(_rows.ColumnBytes(5)));
        return true;
    }

    public void Dispose()
    {
        _name.Dispose();
        _rows.Dispose();
    }

    private (byte[] Project, byte[] Render) NameOf(long render)
    {
        if (_names.TryGetValue(render, out var found))
            return found;
        _name.Bind(1, render);
        if (!_name.Step())
            throw new EdgeException($"{store.File.FilePath}: the database is damaged (an event without its render); move it away with its -wal file and restore a backup");
        found = (_name.ColumnBytes(0).ToArray(), _name.ColumnBytes(1).ToArray());
        _name.Reset();
        _names.Add(render, found);
        return found;
    }
}
