using CraftKit.Edge.Events;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Service;

/// <summary>What <c>check</c> looks at in the two databases. The process reads them through SQLite alone.</summary>
internal static class DatabaseCheck
{
    /// <summary>Checks <c>catalog.db</c>.</summary>
    public static void Catalog(SqliteFile file, CheckScope scope, Action<string, bool> tell)
    {
        Pages(file, scope, tell);
        tell(
            $"{file.QueryInt64("SELECT count(*) FROM projects WHERE deleted_at IS NULL"):N0} projects, "
            + $"{file.QueryInt64("SELECT count(*) FROM keys WHERE revoked_at IS NULL"):N0} live keys, "
            + $"{file.QueryInt64("SELECT count(*) FROM renders WHERE deleted_at IS NULL"):N0} renders",
            false);
    }

    /// <summary>Checks <c>events.db</c>.</summary>
    public static void Events(SqliteFile file, CheckScope scope, Action<string, bool> tell)
    {
        Pages(file, scope, tell);
        if (file.QueryInt64("SELECT count(*) FROM state") != 1)
            tell("table state does not have its one row", true);
        Rows(file, scope, tell);
    }

    /// <summary>SQLite's own look at the structure of the file.</summary>
    private static void Pages(SqliteFile file, CheckScope scope, Action<string, bool> tell)
    {
        // It reads all in one snapshot, and for so long keeps a serving process from starting its log anew: only who asks for everything gets it then.
        if (scope.IsServed && !scope.Full)
        {
            tell("left out beside a serving process: the structure of the pages; check --full reads them", false);
            return;
        }
        var bytes = file.QueryInt64("PRAGMA page_count") * file.QueryInt64("PRAGMA page_size");
        if (!scope.Full && bytes > CheckScope.MaxQuickBytes)
        {
            tell($"left out of {bytes:N0} bytes: the structure of the pages; check --full reads them", false);
            return;
        }
        using var check = file.Prepare(scope.Full ? "PRAGMA integrity_check(20)" : "PRAGMA quick_check(20)");
        var faults = 0;
        while (check.Step())
        {
            if (check.ColumnBytes(0).SequenceEqual("ok"u8))
                continue;
            faults++;
            tell(check.ColumnText(0)!, true);
        }
        if (faults == 0)
            tell($"the structure of its {bytes:N0} bytes is whole", false);
    }

    /// <summary>Reads rows, from the newest back, page by page: each must be an event whose render is known and which comes after the one
    /// it names as its render's previous.</summary>
    private static void Rows(SqliteFile file, CheckScope scope, Action<string, bool> tell)
    {
        var renders = file.QueryInt64("SELECT max(number) FROM renders");
        using var page = file.Prepare(
            "SELECT sequence, length(id), render, previous, type, length(address), metadata IS NULL OR json_valid(metadata) FROM events WHERE sequence < ?1 ORDER BY sequence DESC");
        var start = scope.Clock.GetTimestamp();
        var (before, rows, faults) = (long.MaxValue, 0L, 0L);
        for (var more = true; more;)
        {
            scope.Cancellation.ThrowIfCancellationRequested();
            if (!scope.Full && scope.Clock.GetElapsedTime(start) > CheckScope.MaxLook)
            {
                tell($"the newest {rows:N0} events were looked at; left out: the older ones, check --full reads them", false);
                break;
            }
            more = false;
            var pageStart = scope.Clock.GetTimestamp();
            page.Bind(1, before);
            while (page.Step())
            {
                before = page.ColumnInt64(0);
                rows++;
                var sound = page.ColumnInt64(1) == EventId.Size
                    && page.ColumnInt64(2) >= 1 && page.ColumnInt64(2) <= renders
                    && page.ColumnInt64(3) < before
                    && page.ColumnInt64(4) is >= (long)EventType.Viewed and <= (long)EventType.Printed
                    && page.ColumnInt64(5) is (4 or ClientAddress.Size)
                    && page.ColumnInt64(6) != 0;
                if (!sound && ++faults <= 20)
                    tell($"event {before} is damaged", true);
                if (rows % 64 == 0 && scope.Clock.GetElapsedTime(pageStart) > CheckScope.MaxSnapshot)
                {
                    page.Reset();
                    more = true;
                    break;
                }
            }
            if (!more)
                tell($"{rows:N0} events", false);
        }
        if (faults > 20)
            tell($"{faults:N0} events are damaged in all", true);
    }
}
