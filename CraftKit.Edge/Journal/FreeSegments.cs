namespace CraftKit.Edge.Journal;

/// <summary>The free segments, as a lock-free stack: the one that was freed last is taken next, so that normal traffic stays on a
/// few warm pages. Everything is allocated at the start.</summary>
internal sealed class FreeSegments
{
    private const int IndexBits = 21;
    private const long IndexMask = (1L << IndexBits) - 1;

    // Below the top: index + 1 of the next free segment, 0 for none. An entry is written only by the thread that owns the segment.
    private readonly int[] _below;

    // Bits 0-20: index + 1 of the top, 0 when empty. Above: a count of changes.
    private PaddedLong _top;

    /// <summary>All of <paramref name="count"/> segments are free but those that <paramref name="isTaken"/> names; the lowest is
    /// taken first.</summary>
    public FreeSegments(int count, Func<int, bool> isTaken)
    {
        _below = new int[count];
        for (var i = count - 1; i >= 0; i--)
        {
            if (!isTaken(i))
                Push(i);
        }
    }

    /// <summary>Gives a segment back. It must be all zero.</summary>
    public void Push(int segment)
    {
        var top = Volatile.Read(ref _top.Value);
        while (true)
        {
            _below[segment] = (int)(top & IndexMask);

            // Publishes the zeroed bytes of the segment and the entry above: a full fence, paired with the pop's. Without it a
            // popping thread could see old bytes in a segment that is promised to be zero.
            var seen = Interlocked.CompareExchange(ref _top.Value, Next(top, segment + 1), top);
            if (seen == top)
                return;
            top = seen;
        }
    }

    /// <summary>Takes the segment that was freed last; false when none is free.</summary>
    public bool TryPop(out int segment)
    {
        var top = Volatile.Read(ref _top.Value);
        while ((top & IndexMask) != 0)
        {
            segment = (int)(top & IndexMask) - 1;

            // The entry may be rewritten by a thread that popped and pushed the segment meanwhile; then the count of changes has
            // moved on and the exchange fails. Without the count it would succeed and free a segment that is in use.
            var seen = Interlocked.CompareExchange(ref _top.Value, Next(top, Volatile.Read(ref _below[segment])), top);
            if (seen == top)
                return true;
            top = seen;
        }

        segment = -1;
        return false;
    }

    private static long Next(long top, int index) => (((top >> IndexBits) + 1) << IndexBits) | (uint)index;
}
