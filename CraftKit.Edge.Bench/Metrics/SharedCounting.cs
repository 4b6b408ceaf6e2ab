using CraftKit.Edge.Metrics;

namespace CraftKit.Edge.Bench.Metrics;

/// <summary>Atomic increments of plain counters, in one stripe or in one a processor.</summary>
internal sealed class SharedCounting(int stripes) : ICounting
{
    private const int Padding = 16;

    private readonly long[][] _stripes = [.. Enumerable.Range(0, stripes).Select(_ => new long[Padding + 3 + LatencyBuckets.Count + Padding])];

    public void Count(long ticks)
    {
        var counters = _stripes[stripes == 1 ? 0 : Thread.GetCurrentProcessorId() % stripes].AsSpan(Padding);
        Interlocked.Increment(ref counters[0]);
        Interlocked.Increment(ref counters[1]);
        Interlocked.Add(ref counters[2], ticks);
        Interlocked.Increment(ref counters[3 + LatencyBuckets.All.BucketOf(ticks)]);
    }
}
