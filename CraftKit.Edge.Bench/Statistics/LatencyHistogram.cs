using System.Numerics;

namespace CraftKit.Edge.Bench.Statistics;

/// <summary>Counts latencies by size, so that quantiles of any number of them can be told to within 1 %. Adding allocates nothing.</summary>
/// <remarks>64 steps for each power of two: below 128 ns every nanosecond has its own.</remarks>
internal sealed class LatencyHistogram
{
    private const int StepBits = 6;
    private readonly long[] _counts = new long[(65 - StepBits) << StepBits];

    /// <summary>How many were added.</summary>
    public long Count { get; private set; }

    /// <summary>The largest one that was added, ns.</summary>
    public long Max { get; private set; }

    /// <summary>Adds one of so many nanoseconds, 0 or more.</summary>
    public void Add(long nanoseconds)
    {
        _counts[IndexOf(nanoseconds)]++;
        Count++;
        Max = Math.Max(Max, nanoseconds);
    }

    /// <summary>The latency, ns, that this share of all does not exceed: the upper end of its step. Not a number without any.</summary>
    /// <param name="share">Above 0, up to 1.</param>
    public double Quantile(double share)
    {
        var wanted = (long)Math.Ceiling(share * Count);
        for (var index = 0; index < _counts.Length && Count > 0; index++)
        {
            wanted -= _counts[index];
            if (wanted <= 0)
                return Math.Min(UpperEndOf(index), Max);
        }

        return double.NaN;
    }

    private static int IndexOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value) - StepBits);
        return (shift << StepBits) + (int)(value >> shift);
    }

    private static long UpperEndOf(int index)
    {
        var shift = Math.Max(0, (index >> StepBits) - 1);
        return (((long)(index - (shift << StepBits)) + 1) << shift) - 1;
    }
}
