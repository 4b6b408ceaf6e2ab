using CraftKit.Edge.Journal;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Service;

/// <summary>Stores what a stop of any kind left in the journal, exactly once.</summary>
/// <remarks>
/// Won records are stored. A complete record without a decision belongs to a request that was cut off between its publication and the mark, so it
/// was never answered: it is stored as if its claim came now, in the order of the journal, unless the window knows its like, stored or won. Each
/// transaction carries the journal position behind it, so a replay that is itself cut off goes on where it was.
/// </remarks>
internal sealed class JournalReplay(EventStore store, RefusedEvents refused, TimeSpan window, ILogger log, bool setsAside)
{
    private readonly Dictionary<Guid, int> _boots = [];

    /// <summary>Stores and syncs everything that the store lacks.</summary>
    /// <returns>How many records were stored.</returns>
    /// <exception cref="EdgeException">Storage failed; run it again.</exception>
    public long Run(JournalRecovery recovery)
    {
        Report(recovery.Report);
        var losers = new UndecidedRecords(store, window, BootNumber).FindLosers(recovery);
        var batch = new EventBatch(store, refused, log);
        long stored = 0;
        try
        {
            while (!TryStore(recovery, losers, batch, ref stored))
                batch.Rollback();
            var end = recovery.MarkAt(recovery.EndPosition);
            if (end != store.Mark)
                batch.Commit(end);
            store.Sync();
        }
        catch
        {
            batch.Rollback();
            throw;
        }
        if (stored > 0)
            log.LogInformation("{Count} events replayed from the journal", stored);
        return stored;
    }

    /// <summary>Stores from the mark on; false when a transaction was dropped and it has to begin again there.</summary>
    private bool TryStore(JournalRecovery recovery, HashSet<long> losers, EventBatch batch, ref long stored)
    {
        recovery.Rewind();
        while (recovery.TryRead(out var record))
        {
            if (record.Position < store.Mark.Position || losers.Contains(record.Position))
                continue;
            if (!batch.Add(record, BootNumber(record.BootId)))
                return false;
            if (!batch.IsFull)
                continue;
            stored += batch.Records;
            batch.Commit(recovery.MarkAt(record.EndPosition));
        }
        stored += batch.Records;
        if (batch.Records > 0)
            batch.Commit(recovery.MarkAt(recovery.EndPosition));
        return true;
    }

    private int BootNumber(Guid id)
    {
        if (!_boots.TryGetValue(id, out var number))
            _boots.Add(id, number = store.BootNumber(id));
        return number;
    }

    private void Report(RecoveryReport report)
    {
        if (report.Refusal is not null)
            log.LogError("the journal {Why}; {What}", report.Refusal, setsAside ? "it is set aside" : "the next serve sets it aside");
        else if (report.DamagedPlaces > 0)
            log.LogError(
                "the journal has {Bytes} damaged bytes in {Places} places; {What}",
                report.DamagedBytes, report.DamagedPlaces, setsAside ? "they are set aside" : "the next serve sets them aside");
    }
}
