using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Storage;

/// <summary>Writes the render rows that are behind their counts, pass after pass, each time that enough has changed to be worth one. For the writer.</summary>
/// <param name="store">Whose rows.</param>
/// <param name="checkpoint">Has its turn after each transaction.</param>
/// <param name="busyMilliseconds">How long a checkpoint waits for readers.</param>
internal sealed class CountsPass(EventStore store, WalCheckpoint checkpoint, int busyMilliseconds)
{
    private const int RowsPerTransaction = 20_000;
    private const long MinEventsBetween = 500_000;

    private long _eventsSince;
    private int _at = -1;
    private long _from;

    /// <summary>Notes that so many events more were stored.</summary>
    public void Add(int events) => _eventsSince += events;

    /// <summary>Writes the next rows of a pass that is under way, or begins one when it is due.</summary>
    /// <param name="all">Begins one in any case and goes on to its end.</param>
    /// <exception cref="EdgeException">Storage failed; the rows stay behind.</exception>
    public void Write(bool all)
    {
        if (_at < 0)
        {
            if (store.Ledger.DirtyCount == 0 || (!all && _eventsSince < Math.Max(MinEventsBetween, 8L * store.Ledger.DirtyCount)))
                return;
            _at = 0;
            _from = store.LastSequence;
            _eventsSince = 0;
        }

        do
        {
            _at = store.WriteCounts(_at, RowsPerTransaction);
            checkpoint.AfterCommit(busyMilliseconds);
            if (_at == 0)
            {
                // Every row that was behind when the pass began has been written since, so all hold at least the events up to then.
                store.SetCounted(_from);
                _at = -1;
            }
        }
        while (all && _at >= 0);
    }
}
