using CraftKit.Edge.Bench.Statistics;
using Xunit;

namespace CraftKit.Edge.Tests.Bench;

/// <summary>The arithmetic of measurements, without measuring anything.</summary>
public sealed class StatisticsTests
{
    [Fact]
    public void A_spread_is_the_median_and_the_middle_half_whatever_the_order()
    {
        Assert.Equal(new Spread(3, 2, 4, 5), Spread.Of([5, 1, 3, 2, 4]));
        Assert.Equal(new Spread(2.5, 1.75, 3.25, 4), Spread.Of([4, 3, 2, 1]));
        Assert.Equal(new Spread(7, 7, 7, 1), Spread.Of([7]));
    }

    [Fact]
    public void No_measurement_has_no_median()
    {
        Assert.Equal(0, Spread.Of([]).Count);
        Assert.True(double.IsNaN(Spread.Of([]).Median));
    }

    [Fact]
    public void A_ratio_is_that_of_the_rounds_and_not_that_of_the_medians()
    {
        // The machine was half as fast in the second round, for both.
        var ratio = PairedRatio.Of([100, 60, 120], [50, 25, 60]);

        Assert.Equal(2, ratio.Median);
        Assert.Equal(3, ratio.Count);
        Assert.Equal(2.2, ratio.High, 9);
    }

    [Fact]
    public void A_round_that_either_side_left_out_makes_no_ratio()
    {
        var ratio = PairedRatio.Of([100, null, 300, 8], [50, 25, null, 4]);

        Assert.Equal(2, ratio.Median);
        Assert.Equal(2, ratio.Count);
    }

    [Fact]
    public void A_histogram_tells_every_latency_to_within_a_step()
    {
        foreach (var value in (long[])[0, 1, 127, 128, 129, 255, 256, 1_000, 123_456, 10_000_000_000, long.MaxValue])
        {
            var histogram = new LatencyHistogram();
            histogram.Add(value);

            // The largest one bounds its step, so a single latency is told exactly.
            Assert.Equal(value, histogram.Quantile(1));
            histogram.Add(long.MaxValue);
            Assert.InRange(histogram.Quantile(0.5), value, value * (1 + (1 / 64.0)));
        }
    }

    [Fact]
    public void Quantiles_of_a_histogram_are_those_of_its_latencies()
    {
        var histogram = new LatencyHistogram();
        for (var value = 1; value <= 1000; value++)
            histogram.Add(value * 1000);

        Assert.Equal(1000, histogram.Count);
        Assert.InRange(histogram.Quantile(0.5), 500_000, 508_000);
        Assert.InRange(histogram.Quantile(0.99), 990_000, 1_000_000);
        Assert.Equal(1_000_000, histogram.Quantile(1));
        Assert.True(double.IsNaN(new LatencyHistogram().Quantile(0.5)));
    }
}
