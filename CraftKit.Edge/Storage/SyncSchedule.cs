using CraftKit.Edge.Journal;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Storage;

/// <summary>Has what was acknowledged on the disk once every flush interval: what is committed by a sync of the database's log, and, while nothing
/// can be committed, what lies in the journal too. For the writer.</summary>
/// <param name="store">Where events are committed.</param>
/// <param name="journal">Where they lie until then.</param>
/// <param name="checkpoint">Writes the log into the database.</param>
/// <param name="interval">The flush interval.</param>
/// <param name="busyMilliseconds">How long a checkpoint waits for readers.</param>
/// <param name="clock">The clock of the interval.</param>
internal sealed class SyncSchedule(
    EventStore store, JournalReader journal, WalCheckpoint checkpoint, TimeSpan interval, int busyMilliseconds, TimeProvider clock)
{
    private long _lastSync = clock.GetTimestamp();
    private long _lastJournalSync = clock.GetTimestamp();
    private bool _hasFailed;

    /// <summary>Whether something is committed that is not synced.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>How long until the next sync is due; 0 or less when it is.</summary>
    public TimeSpan UntilDue => interval - clock.GetElapsedTime(_lastSync);

    /// <summary>Notes a commit.</summary>
    /// <param name="isSynced">Whether it waited for the disk, and with it for all before it.</param>
    public void Committed(bool isSynced)
    {
        IsBehind = true;
        if (isSynced)
            Synced();
    }

    /// <summary>Syncs what is committed, when it is due.</summary>
    /// <param name="inAnyCase">Due or not.</param>
    /// <exception cref="EdgeException">The disk refused; nothing new counts as synced.</exception>
    public void SyncWhenDue(bool inAnyCase)
    {
        if (!IsBehind || (!inAnyCase && UntilDue > TimeSpan.Zero))
            return;
        if (_hasFailed)
        {
            // The kernel may have dropped the log's pages when their sync failed, and would report success the next time. So they are
            // written into the database itself, from memory, and that is synced.
            if (!checkpoint.Run(busyMilliseconds))
                return;
            _hasFailed = false;
        }

        try
        {
            store.Sync();
        }
        catch (EdgeException)
        {
            _hasFailed = true;
            throw;
        }

        Synced();
    }

    /// <summary>While nothing can be committed: syncs the journal, which alone has what the database cannot take, and the log with what it took
    /// before, when the last sync of either is an interval ago.</summary>
    /// <param name="inAnyCase">Due or not.</param>
    /// <exception cref="EdgeException">The disk refused.</exception>
    public void SyncWithoutCommit(bool inAnyCase)
    {
        var now = clock.GetTimestamp();
        if (!inAnyCase && clock.GetElapsedTime(Math.Max(_lastSync, _lastJournalSync), now) < interval)
            return;
        journal.Sync();
        _lastJournalSync = now;
        if (!IsBehind || _hasFailed)
            return;
        store.SyncLog();
        Synced();
    }

    private void Synced()
    {
        IsBehind = false;
        _lastSync = clock.GetTimestamp();
    }
}
