using CraftKit.Edge.Metrics;
using Xunit;

namespace CraftKit.Edge.Tests.Metrics;

public sealed class LatencyBucketsTests
{
    private static readonly LatencyBuckets Buckets = LatencyBuckets.All;

    [Fact]
    public void Every_duration_is_in_the_first_bucket_whose_bound_it_does_not_pass()
    {
        var bounds = Buckets.Bounds.ToArray();
        var durations = Enumerable.Range(0, 5000).Select(ticks => (long)ticks)
            .Concat(bounds.SelectMany(bound => new[] { bound - 1, bound, bound + 1 }))
            .Concat(Enumerable.Range(0, 63).Select(bit => 1L << bit))
            .Append(long.MaxValue);
        foreach (var ticks in durations)
        {
            var first = Array.FindIndex(bounds, bound => ticks <= bound);
            Assert.Equal(first < 0 ? LatencyBuckets.Count - 1 : first, Buckets.BucketOf(ticks));
        }
    }

    [Fact]
    public void The_bounds_resolve_50_µs_to_1_s_and_those_published_are_round()
    {
        var bounds = Buckets.Bounds.ToArray();
        Assert.Equal(LatencyBuckets.Count - 1, bounds.Length);
        Assert.All(bounds.Zip(bounds.Skip(1)), pair => Assert.InRange(pair.Second / (double)pair.First, 1.2, 1.34));
        Assert.Equal(
            [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            Buckets.Published.Select(bucket => bounds[bucket] / 1e7));
    }

    [Fact]
    public void A_quantile_is_within_a_bucket_of_the_truth()
    {
        var random = new Random(1);
        var counts = new long[LatencyBuckets.Count];
        var durations = Enumerable.Range(0, 20_000).Select(_ => (long)(100 * Math.Pow(10, 4 * random.NextDouble()))).Order().ToArray();
        foreach (var ticks in durations)
            counts[Buckets.BucketOf(ticks)]++;
        foreach (var share in new[] { 0.01, 0.5, 0.99, 0.999 })
            Assert.InRange(Buckets.Quantile(counts, share) / durations[(int)(share * durations.Length)], 1 / 1.34, 1.34);
        Assert.Equal(0, Buckets.Quantile(new long[LatencyBuckets.Count], 0.5));
    }
}
