using CraftKit.Edge.Configuration;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Service;

/// <summary>What <c>check</c> looks at in the journal.</summary>
internal static class JournalCheck
{
    private const string Subject = "events.journal";

    /// <summary>Reads the whole journal, unless a process serves the folder and writes to it.</summary>
    public static void Run(EdgeOptions options, DataFolder folder, CheckScope scope, Action<CheckFinding> tell)
    {
        if (scope.IsServed)
        {
            if (!File.Exists(folder.JournalPath))
                tell(new CheckFinding(Subject, IsFault: false, "not there yet; the serving process is about to create it"));
            else
                tell(new CheckFinding(Subject, IsFault: false, $"{new FileInfo(folder.JournalPath).Length:N0} bytes; left out beside a serving process: its records"));
            return;
        }
        try
        {
            var mark = ReadMark(folder);
            using var recovery = JournalRecovery.Open(JournalOpening.OptionsOf(options, folder), mark, scope.Clock);
            var report = recovery.Report;
            if (report.FileBytes == 0)
            {
                // A stop of any kind leaves the file; only before the first start there is none.
                var wasUsed = mark is { Position: > 0 };
                tell(new CheckFinding(Subject, wasUsed, wasUsed ? $"{JournalOpening.Lost}; the next serve creates a new one" : "not there yet; serve creates it"));
                return;
            }
            tell(new CheckFinding(
                Subject,
                IsFault: false,
                $"{report.FileBytes:N0} bytes, {report.Won + report.Undecided:N0} events not stored yet; the next serve or export stores them"));
            if (report.Refusal is { } refusal)
                tell(new CheckFinding(Subject, IsFault: true, $"{refusal}; the next serve sets it aside"));
            else if (report.DamagedPlaces > 0)
                tell(new CheckFinding(Subject, IsFault: true, $"{report.DamagedBytes:N0} damaged bytes in {report.DamagedPlaces:N0} places; the next serve sets them aside and stores the rest"));
        }
        catch (EdgeException fault)
        {
            tell(new CheckFinding(Subject, IsFault: true, fault.Message));
        }
    }

    /// <summary>How far the store has the journal; null when there is no store that could be read, which is told where it is looked at.</summary>
    private static JournalMark? ReadMark(DataFolder folder)
    {
        if (!File.Exists(folder.EventsPath))
            return null;
        using var file = SqliteFile.Open(folder.EventsPath, EventSchema.Schema, SqliteAccess.ReadOnly, SqliteSynchronous.Normal);
        using var state = file.Prepare("SELECT lineage, epoch, position FROM state WHERE id = 0 AND lineage <> 0");
        if (!state.Step())
            return null;
        var mark = new JournalMark(state.ColumnInt64(0), state.ColumnInt64(1), state.ColumnInt64(2));
        state.Reset();
        return mark;
    }
}
