using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Events;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Service;

/// <summary>Rebuilds the dedupe window at start from the stored events.</summary>
/// <remarks>
/// An event of the running boot carries the exact time of its claim on the clock that the window lives on. For one of an earlier boot the age is wall
/// clock minus <c>createdAt</c>, kept between 0 and the window. Rows are read from the newest back; a boot's rows are in the order of its clock but
/// for what threads overtook each other, so its part ends where a row is older than its newest by a window and some slack.
/// </remarks>
internal sealed class WindowRestorer(EventStore store, DedupeWindow window, TimeSpan length, TimeProvider clock, int runningBoot)
{
    /// <summary>How far a thread may lag between writing a record and claiming: far more than any scheduler lets one wait.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    private readonly Dictionary<long, (byte[] Project, byte[] Render)> _names = [];

    /// <summary>Reads back as far as a live claim may stand.</summary>
    /// <returns>How many claims were put back.</returns>
    /// <exception cref="EdgeException">Storage failed.</exception>
    public int Restore()
    {
        var now = clock.GetTimestamp();
        var wall = clock.GetUtcNow();
        var restored = 0;
        var boot = 0L;
        var newest = 0L;
        using var name = store.File.Prepare("SELECT p.id, r.id FROM renders r JOIN projects p ON p.number = r.project WHERE r.number = ?1");
        using var rows = store.File.Prepare("SELECT boot, claimed, render, type, share, address, id FROM events ORDER BY sequence DESC");
        while (rows.Step())
        {
            var claimed = rows.ColumnInt64(1);
            if (rows.ColumnInt64(0) != boot)
            {
                // The newest row of a boot has long expired, so has everything before it.
                if (boot != 0 && Age(rows, now, wall, runningBoot, claimed) >= length + Slack)
                    break;
                boot = rows.ColumnInt64(0);
                newest = claimed;
            }
            newest = Math.Max(newest, claimed);
            if (boot == runningBoot ? Age(rows, now, wall, runningBoot, claimed) >= length + Slack : TimeSpan.FromTicks(newest - claimed) >= length + Slack)
                break;
            var age = Age(rows, now, wall, runningBoot, claimed);
            if (age >= length)
                continue;
            var (project, render) = NameOf(name, rows.ColumnInt64(2));
            var address = rows.ColumnBytes(5);
            var key = DedupeWindow.KeyOf(
                (EventType)rows.ColumnInt64(3), project, rows.ColumnBytes(4), render, StoredAddress.Read(address));
            window.Restore(key, now - age.Ticks);
            restored++;
        }
        rows.Reset();
        return restored;
    }

    /// <summary>How long ago the row's window began, at least 0.</summary>
    private static TimeSpan Age(SqliteStatement row, long now, DateTimeOffset wall, int runningBoot, long claimed)
    {
        // A claim of this boot that lies ahead of its clock was made under another one (a container moved between machines that share
        // their boot id's name, say): then the wall clock has to do.
        var age = row.ColumnInt64(0) == runningBoot && claimed <= now
            ? TimeSpan.FromTicks(now - claimed)
            : wall - EventId.Read(row.ColumnBytes(6)).CreatedAt;
        return age < TimeSpan.Zero ? TimeSpan.Zero : age;
    }

    private (byte[] Project, byte[] Render) NameOf(SqliteStatement name, long render)
    {
        if (_names.TryGetValue(render, out var found))
            return found;
        name.Bind(1, render);
        if (!name.Step())
            throw new EdgeException($"{store.File.FilePath}: the database is damaged (an event without its render); move it away with its -wal file and restore a backup");
        found = (name.ColumnBytes(0).ToArray(), name.ColumnBytes(1).ToArray());
        name.Reset();
        _names.Add(render, found);
        return found;
    }
}
