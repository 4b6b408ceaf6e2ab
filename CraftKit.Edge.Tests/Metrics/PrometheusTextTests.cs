using System.Text;
using CraftKit.Edge.Metrics;
using Xunit;

namespace CraftKit.Edge.Tests.Metrics;

public sealed class PrometheusTextTests
{
    [Fact]
    public async Task Everything_that_needs_an_escape_has_one()
    {
        var text = new PrometheusText();
        text.Gauge("a_ratio", "A \\ and\na line.").Add(0.5, ("name", "\\ \" \n é"), ("other", "")).Add(double.PositiveInfinity, ("name", "x"));

        Assert.Equal(
            "# HELP a_ratio A \\\\ and\\na line.\n# TYPE a_ratio gauge\na_ratio{name=\"\\\\ \\\" \\n é\",other=\"\"} 0.5\na_ratio{name=\"x\"} +Inf\n",
            Encoding.UTF8.GetString(text.ToBytes()));
        await Promtool.CheckAsync(Encoding.UTF8.GetString(text.ToBytes()), "check", "metrics");
    }

    [Fact]
    public async Task A_histogram_counts_up_to_each_bound_and_its_last_bucket_holds_everything()
    {
        var counts = new long[LatencyBuckets.Count];
        foreach (var ticks in new long[] { 1, 100, 101, 500, 1_000_000_000 })
            counts[LatencyBuckets.All.BucketOf(ticks)]++;
        var text = new PrometheusText();
        text.Histogram("t_seconds", "Time.").Add(counts, 12_345_678, ("route", "r"));
        var scrape = new Scrape(Encoding.UTF8.GetString(text.ToBytes()));

        Assert.Equal(2, scrape["t_seconds_bucket{route=\"r\",le=\"0.00001\"}"]);
        Assert.Equal(3, scrape["t_seconds_bucket{route=\"r\",le=\"0.000025\"}"]);
        Assert.Equal(4, scrape["t_seconds_bucket{route=\"r\",le=\"0.00005\"}"]);
        Assert.Equal(4, scrape["t_seconds_bucket{route=\"r\",le=\"10\"}"]);
        Assert.Equal(5, scrape["t_seconds_bucket{route=\"r\",le=\"+Inf\"}"]);
        Assert.Equal(5, scrape["t_seconds_count{route=\"r\"}"]);
        Assert.Equal(1.2345678, scrape["t_seconds_sum{route=\"r\"}"]);
        await Promtool.CheckAsync(scrape.Text, "check", "metrics");
    }
}
