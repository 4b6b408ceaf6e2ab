using System.Numerics;

namespace CraftKit.Edge.Metrics;

/// <summary>The buckets of all latency histograms: ten a decade from 1 µs to 10 s, at most a third apart, and one for what takes longer.
/// Times are in 100 ns.</summary>
/// <remarks>A bucket holds what took at most its bound and more than the one before, as Prometheus counts. Few of the bounds are published
/// (<see cref="Published"/>): a scrape should stay small, while quantiles are told from all.</remarks>
internal sealed class LatencyBuckets
{
    /// <summary>Buckets, the last one without a bound.</summary>
    public const int Count = (Decades * 10) + 2;

    private const int Decades = 7;

    /// <summary>Eight cells an octave: finer than the bounds, so that at most one bound lies within a cell.</summary>
    private const int CellBits = 3;

    private readonly long[] _bounds;
    private readonly byte[] _firstOfCell;

    private LatencyBuckets()
    {
        _bounds = MakeBounds();
        _firstOfCell = MakeCells(_bounds);
        Published = [.. Enumerable.Range(0, _bounds.Length).Where(bucket => _bounds[bucket] >= 100 && LeadingDigits(_bounds[bucket]) is 10 or 25 or 50)];
    }

    /// <summary>The one that there is. Who counts often keeps it: a static field is looked up with each use.</summary>
    public static LatencyBuckets All { get; } = new();

    /// <summary>The bounds, ascending.</summary>
    public ReadOnlySpan<long> Bounds => _bounds;

    /// <summary>The buckets whose bounds are published: 10, 25, 50, 100, 250, … µs to 10 s.</summary>
    public IReadOnlyList<int> Published { get; }

    /// <summary>The bucket of a duration; a negative one, which no clock here gives, counts as longer than all.</summary>
    public int BucketOf(long ticks)
    {
        var cell = CellOf((ulong)ticks);
        var first = _firstOfCell;
        if ((uint)cell >= (uint)first.Length)
            return Count - 1;
        int bucket = first[cell];
        return ticks > _bounds[bucket] ? bucket + 1 : bucket;
    }

    /// <summary>The duration below which a share of what was counted lies, told from the buckets: within a bucket all places count as equally
    /// likely. 0 when nothing was counted; the largest bound for what lies beyond it.</summary>
    /// <param name="counts">One count a bucket.</param>
    /// <param name="share">0 to 1.</param>
    public double Quantile(ReadOnlySpan<long> counts, double share)
    {
        var total = 0L;
        foreach (var count in counts)
            total += count;
        if (total == 0)
            return 0;
        var rank = share * total;
        var below = 0L;
        for (var bucket = 0; bucket < _bounds.Length; bucket++)
        {
            if (counts[bucket] == 0 || below + counts[bucket] < rank)
            {
                below += counts[bucket];
                continue;
            }

            var from = bucket == 0 ? 0 : _bounds[bucket - 1];
            return from + ((_bounds[bucket] - from) * (rank - below) / counts[bucket]);
        }

        return _bounds[^1];
    }

    // The number's highest bit and the three after it; below 8 the number itself.
    private static int CellOf(ulong ticks)
    {
        if (ticks < 1 << CellBits)
            return (int)ticks;
        var octave = BitOperations.Log2(ticks) - CellBits;
        return ((octave + 1) << CellBits) + (int)(ticks >> octave) - (1 << CellBits);
    }

    private static long[] MakeBounds()
    {
        var bounds = new List<long>();
        for (long decade = 1; bounds.Count < Decades * 10; decade *= 10)
        {
            foreach (var digits in (ReadOnlySpan<long>)[10, 12, 15, 20, 25, 30, 40, 50, 60, 80])
                bounds.Add(digits * decade);
        }

        bounds.Add(10 * TimeSpan.TicksPerSecond);
        return [.. bounds];
    }

    /// <summary>For each cell the bucket of its first number.</summary>
    private static byte[] MakeCells(long[] bounds)
    {
        var cells = new byte[CellOf((ulong)bounds[^1]) + 1];
        var bucket = 0;
        for (ulong ticks = 0; ticks <= (ulong)bounds[^1]; ticks = NextCell(ticks))
        {
            while ((long)ticks > bounds[bucket])
                bucket++;
            cells[CellOf(ticks)] = (byte)bucket;
        }

        return cells;

        static ulong NextCell(ulong ticks) => ticks < 1 << CellBits ? ticks + 1 : ticks + (1UL << (BitOperations.Log2(ticks) - CellBits));
    }

    private static int LeadingDigits(long ticks)
    {
        while (ticks >= 100)
            ticks /= 10;
        return (int)ticks;
    }
}
