using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Dedupe;

/// <summary>Has the garbage collector look for tables that were replaced, whose slots it does not see the weight of.</summary>
/// <remarks>The collector's own occasions are allocations on its heap, and of those the event route makes none. So the tables that died
/// are counted here: a collection, in the background, is due when they weigh an eighth of those in use, and when traffic has
/// ended.</remarks>
internal sealed class Reclamation : IThreadPoolWorkItem
{
    /// <summary>Below this much garbage nobody is bothered, unless it is quiet.</summary>
    private const long Least = 2 << 20, LeastWhenQuiet = 128 << 10;

    private long _retired;
    private long _settled;
    private long _retiredAtRest;
    private int _pending;
    private bool _trimDue;

    /// <summary>Accounts for a table that was replaced.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="inUse">Bytes of the tables in use.</param>
    public void Retired(long bytes, long inUse)
    {
        // Atomic so that none is missed; it orders nothing.
        var garbage = Interlocked.Add(ref _retired, bytes) - Volatile.Read(ref _settled);
        if (garbage >= Math.Max(Least, inUse / 8) && TakeTurn())
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>For a maintenance thread, now and then: collects what is left when nothing was replaced since the last call, and gives
    /// what earlier collections freed back to the system.</summary>
    /// <param name="inUse">Bytes of the tables in use.</param>
    public void Rest(long inUse)
    {
        if (_trimDue)
            _ = NativeHeap.Trim();
        var retired = Volatile.Read(ref _retired);
        var quiet = retired == _retiredAtRest;
        var shrunk = retired - _retiredAtRest > 2 * inUse;
        var collect = quiet && retired - Volatile.Read(ref _settled) >= LeastWhenQuiet && TakeTurn();
        if (collect)
            Execute();
        _retiredAtRest = retired;

        // Not before the next call: until then the finalizers free the tables.
        _trimDue = shrunk || collect;
    }

    /// <summary>Collects.</summary>
    public void Execute()
    {
        // Tables that die from here on are on the next account, though this collection may find them too.
        Volatile.Write(ref _settled, Volatile.Read(ref _retired));
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);

        // Releases the turn that TakeTurn took: whoever takes the next one sees the account settled.
        Volatile.Write(ref _pending, 0);
    }

    // One collection at a time: of all who find it due one asks for it.
    private bool TakeTurn() => Interlocked.Exchange(ref _pending, 1) == 0;
}
