using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Service;

/// <summary>The journal's part of a start, and of a command that finds nobody serving.</summary>
internal static class JournalOpening
{
    /// <summary>What is said of a journal without a byte that the store has taken events from.</summary>
    public const string Lost = "missing or empty; events that it held and events.db does not have are lost";

    /// <summary>The journal that a configuration asks for.</summary>
    public static JournalOptions OptionsOf(EdgeOptions options, DataFolder folder) => new()
    {
        Path = folder.JournalPath,
        CapacityBytes = options.Journal.CapacityBytes,
        MaxPayloadBytes = EventRecord.MaxSize(options.MaxBodyBytes),
        BootId = BootTimeProvider.BootId,
    };

    /// <summary>Stores what the journal holds and starts a new epoch in it.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="folder">The data folder.</param>
    /// <param name="store">What takes the events.</param>
    /// <param name="refused">What takes those that it refuses.</param>
    /// <param name="clock">Names the files with damaged bytes.</param>
    /// <param name="log">Hears what was found.</param>
    /// <param name="report">What was found, in numbers.</param>
    /// <exception cref="EdgeException">Storage failed, or the journal cannot be created.</exception>
    public static JournalFile Replay(
        EdgeOptions options, DataFolder folder, EventStore store, RefusedEvents refused, TimeProvider clock, ILogger log, out ReplayReport report)
    {
        var journalOptions = OptionsOf(options, folder);
        using var recovery = JournalRecovery.Open(journalOptions, MarkOf(store), clock);
        if (recovery.Report.FileBytes == 0 && store.Mark.Position > 0)
            log.LogError("events.journal: {Lost}", Lost);
        var records = new JournalReplay(store, refused, options.Dedupe.Window, log, setsAside: true).Run(recovery);
        report = new ReplayReport(records, recovery.Report.DamagedBytes);
        var journal = JournalFile.StartEpoch(journalOptions, recovery, store.Mark);
        if (recovery.Report.SetAsidePath is { } path)
            log.LogError("what could not be read of the journal is in {Path}", path);
        if (recovery.Report.SetAsideFailure is { } failure)
            log.LogError("what could not be read of the journal stays in it, it could not be set aside: {Failure}", failure);
        return journal;
    }

    /// <summary>Stores what a crash left in the journal, when nobody serves the folder and there is one. Waits for another command.</summary>
    /// <exception cref="EdgeException">Storage failed.</exception>
    public static void DrainUnlessServed(EdgeOptions options, DataFolder folder, CancellationToken cancellation)
    {
        if (!File.Exists(folder.JournalPath))
            return;
        var clock = new BootTimeProvider();
        using var held = ProcessLock.TryTakeForCommand(folder, clock, ProcessLock.Patience, cancellation);
        if (held is null)
            return;
        using var loggers = Logging.Create(options.Log);
        using var store = EventStore.Open(folder.EventsPath, SqliteSynchronous.Full, SqliteAccess.ReadWrite);
        using var recovery = JournalRecovery.Open(OptionsOf(options, folder), MarkOf(store), clock);
        var refused = new RefusedEvents(Path.Combine(folder.FolderPath, RefusedEvents.FileName));
        new JournalReplay(store, refused, options.Dedupe.Window, loggers.CreateLogger("CraftKit.Edge"), setsAside: false).Run(recovery);
    }

    /// <summary>How far the store has the journal; null when it never had one.</summary>
    public static JournalMark? MarkOf(EventStore store) => store.Mark.Lineage == 0 ? null : store.Mark;
}
