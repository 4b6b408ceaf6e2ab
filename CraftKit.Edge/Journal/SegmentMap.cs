using System.Numerics;

namespace CraftKit.Edge.Journal;

/// <summary>Which segment of the file holds which number, and where a sealed one ends.</summary>
/// <remarks>The numbers in use are consecutive and fewer than the segments, so a table with a power of two of entries, indexed by
/// the lower bits of the number, never has two of them at one place. An entry only ever moves on to a higher number, which is what
/// makes every exchange below safe: a thread that was asleep finds the entry changed.</remarks>
internal sealed class SegmentMap
{
    private const int IndexBits = 20;

    private readonly long[] _entries;
    private readonly long[] _ends;
    private readonly int _mask;

    public SegmentMap(int segmentCount)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)segmentCount);
        _entries = new long[size];
        _ends = new long[size];
        _mask = size - 1;
    }

    /// <summary>The segment that holds <paramref name="number"/>, or -1 when that number is not (or no longer) mapped.</summary>
    public int Find(long number)
    {
        // Pairs with the exchange in TryMap: who sees the entry sees the head of the segment, too.
        var entry = Volatile.Read(ref _entries[number & _mask]);
        return entry >> IndexBits == number ? (int)(entry & ((1 << IndexBits) - 1)) : -1;
    }

    /// <summary>Maps a number to a segment; false when another thread was first (or the number is long gone).</summary>
    public bool TryMap(long number, int segment)
    {
        ref var place = ref _entries[number & _mask];
        var entry = Volatile.Read(ref place);
        if (entry >> IndexBits >= number)
            return false;

        // Publishes the head that was written into the segment. Of several threads that bring a segment for one number exactly one
        // wins; without the exchange two segments would be lost to one number.
        return Interlocked.CompareExchange(ref place, (number << IndexBits) | (uint)segment, entry) == entry;
    }

    /// <summary>Says where the records of a sealed segment end. Called once a number, by the thread that sealed it.</summary>
    public void SetEnd(long number, long position)
    {
        // Pairs with the read in EndsAt. Late is harmless, the reader waits before the end; a plain store could stay late for ever.
        Volatile.Write(ref _ends[number & _mask], position);
    }

    /// <summary>Whether the segment of this number was sealed at this position.</summary>
    public bool EndsAt(long number, long position) => Volatile.Read(ref _ends[number & _mask]) == position;
}
