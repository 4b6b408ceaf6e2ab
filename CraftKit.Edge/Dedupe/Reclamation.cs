namespace CraftKit.Edge.Dedupe;

/// <summary>Sees that tables which were replaced do go back to the system.</summary>
/// <remarks>The garbage collector runs when something is allocated. Once traffic has ended nothing is, and the memory of the last window
/// would stay; while traffic grows, its budget would let the dead tables grow past the living.</remarks>
internal sealed class Reclamation
{
    /// <summary>Below this much garbage nobody is bothered.</summary>
    private const long Least = 8 << 20;

    private long _settled;
    private int _collections = GC.CollectionCount(GC.MaxGeneration);

    /// <summary>Collects when the tables that were replaced since the last full collection outweigh half of those in use.</summary>
    /// <param name="retired">Bytes of all tables that were ever replaced.</param>
    /// <param name="inUse">Bytes of the tables in use.</param>
    public void CollectWhenDue(long retired, long inUse)
    {
        var collections = GC.CollectionCount(GC.MaxGeneration);
        if (collections != _collections)
        {
            // Somebody else's full collection has taken what was dead at the time; what died since is on our next account.
            _collections = collections;
            _settled = retired;
            return;
        }

        var garbage = retired - _settled;
        if (garbage < Math.Max(Least, inUse / 2))
            return;

        // With little alive a blocking collection takes few milliseconds and gives pages back at once. With much alive the collector
        // works in the background, and the freed memory serves the next tables.
        if (garbage > 4 * inUse)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        else
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false, compacting: false);
        _collections = GC.CollectionCount(GC.MaxGeneration);
        _settled = retired;
    }
}
