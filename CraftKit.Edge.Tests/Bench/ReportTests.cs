using System.Xml.Linq;
using CraftKit.Edge.Bench.EndToEnd.Contests;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.Report;
using CraftKit.Edge.Bench.Statistics;
using Xunit;

namespace CraftKit.Edge.Tests.Bench;

/// <summary>The page of benchmarks and its chart.</summary>
public sealed class ReportTests
{
    private static readonly EarlierPage NoPage = new("");
    private static readonly MeasuredResults Nothing = new(new Dictionary<string, ScenarioResult>(), new Dictionary<string, MicroResult>());

    [Fact]
    public void What_was_not_measured_is_said_to_be_not_measured()
    {
        var page = BenchmarkPage.Markdown(Nothing, NoPage);

        Assert.Equal(Targets.All.Count, page.Split('\n').Count(line => line.Contains("| not measured |", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_target_that_was_missed_stands_beside_one_that_was_reached()
    {
        var page = BenchmarkPage.Markdown(With(Duplicates(serviceRate: 60_000, serviceCpu: 0.9)), NoPage);

        Assert.Contains("| duplicates / static endpoint: requests/s | ≥ 1.4 | 1.5 [1.5 1.5] | yes |", page, StringComparison.Ordinal);
        Assert.Contains("| duplicates / static endpoint: CPU a request | ≤ 0.6 | 0.6 [0.6 0.6] | yes |", page, StringComparison.Ordinal);
        Assert.Contains("| duplicates / static endpoint: p99 | ≤ 1.15 | 2 [2 2] | **no** |", page, StringComparison.Ordinal);
        Assert.Contains("e2e --scenario duplicates", page, StringComparison.Ordinal);
        Assert.Contains("Some machine; commit 0123456789ab, 2026-05-03.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disturbed_round_counts_in_no_number()
    {
        var result = Duplicates(serviceRate: 60_000, serviceCpu: 0.9);
        result.Servers[0].Rounds[1] = result.Servers[0].Rounds[1] with { Others = new ForeignLoad(0.5, 0, 0), Load = Load(1) };

        var ratio = With(result).Ratio("duplicates", "static endpoint", round => round.Rate);

        Assert.Equal(new Spread(1.5, 1.5, 1.5, 1), ratio);
        Assert.Contains("| service | 60,000 |", BenchmarkPage.Markdown(With(result), NoPage), StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_is_the_same_after_it_was_kept_in_a_file()
    {
        var result = Duplicates(serviceRate: 60_000, serviceCpu: 0.9) with { Figures = [new Figure("f", "µs", new Spread(1, 0.5, double.NaN, 3))] };

        var text = ResultFile.ToText(result);
        var read = ResultFile.FromText<ScenarioResult>(text);

        Assert.Equal(text, ResultFile.ToText(read));
        Assert.Equal(BenchmarkPage.Markdown(With(result), NoPage), BenchmarkPage.Markdown(With(read), NoPage));
    }

    [Fact]
    public void Time_ratios_are_to_the_fastest_of_the_others_and_need_all_of_them()
    {
        var micro = new[] { Micro("A", 10), Micro("B", 40), Micro("C", 30) }.ToDictionary(result => result.Name);
        var results = Nothing with { Micro = micro };

        Assert.Equal(1 / 3.0, results.TimeRatio("A", "B", "C")!.Value.Median, 9);
        Assert.Null(results.TimeRatio("A", "B", "D"));
    }

    [Fact]
    public void The_chart_is_an_image_whose_bars_are_as_long_as_their_values_in_light_and_dark()
    {
        var svg = BarChart.Of("A & B", [("one <1>", 1), ("two", 2)], mark: 1);

        var chart = XDocument.Parse(svg);
        var widths = chart.Descendants().Where(element => element.Name.LocalName == "rect").Select(bar => (double)bar.Attribute("width")!).ToList();

        Assert.Equal(2, widths.Count);
        Assert.Equal(widths[0] * 2, widths[1], 1);
        Assert.Contains("prefers-color-scheme: dark", svg, StringComparison.Ordinal);
        Assert.Contains(chart.Descendants(), element => element.Value == "one <1>");
    }

    [Fact]
    public void The_chart_shows_no_scenario_that_was_not_measured()
    {
        Assert.DoesNotContain("<rect", BenchmarkPage.Chart(Nothing), StringComparison.Ordinal);
        Assert.Single(XDocument.Parse(BenchmarkPage.Chart(With(Duplicates(60_000, 0.9)))).Descendants(), element => element.Name.LocalName == "rect");
    }

    [Fact]
    public void What_is_not_measured_anew_stays_as_it_was()
    {
        var micro = new Dictionary<string, MicroResult> { ["A.B"] = new("A.B", new Spread(2, 1, 3, 3), 0, new DateTime(2026, 5, 3)) };
        var page = BenchmarkPage.Markdown(With(Duplicates(60_000, 0.9)) with { Micro = micro }, NoPage);
        Assert.Equal(page, BenchmarkPage.Markdown(Nothing, new EarlierPage(page)));

        var newer = new Dictionary<string, MicroResult> { ["A.C"] = new("A.C", new Spread(5, 4, 6, 3), 0, new DateTime(2026, 5, 4)) };
        var both = BenchmarkPage.Markdown(With(Duplicates(30_000, 0.9)) with { Micro = newer }, new EarlierPage(page));
        Assert.Contains("| A.B | 2 [1 3] | 0 | 2026-05-03 |\n| A.C | 5 [4 6] | 0 | 2026-05-04 |\n", both, StringComparison.Ordinal);
        Assert.Contains("| service | 30,000 |", both, StringComparison.Ordinal);
        Assert.DoesNotContain("| service | 60,000 |", both, StringComparison.Ordinal);
    }

    private static MeasuredResults With(ScenarioResult result) => Nothing with { Scenarios = new Dictionary<string, ScenarioResult> { [result.Name] = result } };

    private static MicroResult Micro(string name, double time) => new(name, new Spread(time, time, time, 3), 0, default);

    private static ScenarioResult Duplicates(int serviceRate, double serviceCpu) => new()
    {
        Name = "duplicates",
        About = "every event a duplicate",
        Date = new DateTime(2026, 5, 3, 0, 0, 0, DateTimeKind.Utc),
        Version = new ServiceVersion("1", "0123456789abcdef", "r", "s"),
        Machine = "Some machine",
        Client = "wrk -t1",
        Connections = 32,
        Seconds = 1,
        Servers = [Server("service", serviceRate, serviceCpu, p99: 2000), Server("static endpoint", 40_000, 1, p99: 1000)],
    };

    private static ServerResult Server(string name, int rate, double cpu, double p99) => new(
        name,
        [.. Enumerable.Range(0, 2).Select(round => new RoundResult { Round = round, Load = Load(rate) with { P99 = p99 }, CpuSeconds = cpu, RestSeconds = 0, Others = default })],
        new EventBalance());

    private static LoadResult Load(int rate) => new()
    {
        Seconds = 1,
        Sent = rate,
        Answered = rate,
        Recorded = 0,
        Refused = 0,
        ClientSeconds = 0.5,
        ClientSleeps = 1,
        P50 = 500,
        P99 = 1000,
        P999 = 2000,
    };
}
