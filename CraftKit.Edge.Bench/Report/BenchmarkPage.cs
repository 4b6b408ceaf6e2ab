using System.Globalization;
using System.Text;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.EndToEnd.Scenarios;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.Report;

/// <summary>The page of benchmarks, made of results alone: it says nothing that was not measured.</summary>
internal static class BenchmarkPage
{
    /// <summary>The ratios that are drawn, by scenario.</summary>
    private static readonly (string Scenario, string Label, string Other)[] Drawn =
    [
        ("duplicates", "duplicates / static endpoint", "static endpoint"),
        ("new", "all new and stored / static endpoint", "static endpoint"),
        ("mixed", "one in ten new / static endpoint", "static endpoint"),
        ("duplicates-256", "duplicates, 256 conn. / static endpoint", "static endpoint"),
        ("new-256", "all new, 256 conn. / static endpoint", "static endpoint"),
        ("usual", "all new and stored / the usual way", "usual way"),
        ("keys", "10 M live keys / 1 k live keys", "1,000 live keys"),
    ];

    /// <summary>The page, in Markdown.</summary>
    /// <param name="results">What was measured.</param>
    /// <param name="earlier">The page before; what the results do not have stays as it is there.</param>
    public static string Markdown(MeasuredResults results, EarlierPage earlier)
    {
        var page = new StringBuilder();
        page.Append("""
            # Benchmarks

            Made by `dotnet run -c Release --project CraftKit.Edge.Bench -- e2e --write` from what was measured; nothing here is written by hand.

            Servers are loaded in turn in one run, round by round. A number is the median of the rounds, a ratio the median of the rounds' own ratios; in
            brackets stands the middle half. Rounds in which somebody else used the machine are left out, and *rounds* says how many were left of how
            many. CPU is that of the whole process, the writer's work after the load included. *client* is the CPU of the client for a request, *sleeps* how often
            it waited: waking it is paid by the server. After each scenario the events in the database must be those that were answered
            `{"recorded":true}`.

            What was not measured anew stays as it was: each section names its commit and day.


            """);
        AppendTargets(page, results, earlier);
        foreach (var scenario in AllScenarios.List)
        {
            if (results.Scenarios.TryGetValue(scenario.Name, out var result))
                AppendScenario(page, result);
            else if (earlier.Section(scenario.Name) is { } section)
                page.Append($"## {scenario.Name}\n{section}");
        }

        AppendMicro(page, results, earlier);
        return page.ToString().TrimEnd() + "\n";
    }

    /// <summary>Whether all was measured that the chart shows; one of a part would leave out the rest.</summary>
    public static bool IsDrawnFrom(MeasuredResults results) => Drawn.All(bar => results.Scenarios.ContainsKey(bar.Scenario));

    /// <summary>The chart of the main ratios, SVG.</summary>
    public static string Chart(MeasuredResults results) => BarChart.Of(
        "Requests a second, as a ratio of what was measured beside it",
        [.. Drawn.Select(bar => (bar.Label, Ratio: results.Ratio(bar.Scenario, bar.Other, round => round.Rate))).Where(bar => bar.Ratio is not null)
            .Select(bar => (bar.Label, bar.Ratio!.Value.Median))],
        mark: 1);

    private static void AppendTargets(StringBuilder page, MeasuredResults results, EarlierPage earlier)
    {
        var rows = earlier.Rows("Targets");
        page.Append("## Targets\n\n| what | target | measured | reached | command, after `--` |\n| --- | --- | --- | --- | --- |\n");
        foreach (var target in Targets.All)
        {
            var limit = $"{(target.IsAtLeast ? "≥" : "≤")} {Number(target.Limit)}{target.Unit}";
            var (measured, reached) = target.Read(results) is { } value
                ? (InBrackets(value) + target.Unit, target.IsReachedBy(value.Median) ? "yes" : "**no**")
                : rows[target.What].FirstOrDefault() is [_, var before, var measuredBefore, var reachedBefore, ..] && before == limit
                    ? (measuredBefore, reachedBefore)
                    : ("not measured", "");
            page.Append($"| {target.What} | {limit} | {measured} | {reached} | `{target.Command}` |\n");
        }

        page.Append('\n');
    }

    private static void AppendScenario(StringBuilder page, ScenarioResult result)
    {
        page.Append($"## {result.Name}\n\n{char.ToUpperInvariant(result.About[0])}{result.About[1..]}. ");
        if (result.Servers.Count > 0)
            page.Append($"{result.Client}, {result.Connections} {(result.Connections == 1 ? "connection" : "connections")}, rounds of {Number(result.Seconds)} s. ");
        page.Append($"{result.Machine}; commit {result.Version.Commit[..12]}, {result.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.\n\n");
        page.Append($"```sh\ndotnet run -c Release --project CraftKit.Edge.Bench -- e2e --scenario {result.Name}\n```\n\n");
        if (result.Servers.Count > 0)
            AppendServers(page, result);
        if (result.Figures.Count > 0)
        {
            page.Append("| figure | value | unit |\n| --- | --- | --- |\n");
            foreach (var figure in result.Figures)
                page.Append($"| {figure.Name} | {InBrackets(figure.Value)} | {figure.Unit} |\n");
            page.Append('\n');
        }
    }

    private static void AppendServers(StringBuilder page, ScenarioResult result)
    {
        page.Append("| server | req/s | CPU µs | p50 µs | p99 µs | p99.9 µs | client µs | sleeps | rounds |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var server in result.Servers)
        {
            page.Append($"| {server.Name} | {Median(round => round.Rate)} | {Median(round => round.CpuMicroseconds)} | {Median(round => round.Load.P50)} | "
                + $"{Median(round => round.Load.P99)} | {Median(round => round.Load.P999)} | {Median(round => round.ClientMicroseconds)} | "
                + $"{Median(round => round.ClientSleeps)} | {server.Each(round => round.Rate).Count(rate => rate is not null)} of {server.Rounds.Count} |\n");

            string Median(Func<RoundResult, double> value) => Number(Spread.Of(server.Each(value).OfType<double>()).Median);
        }

        page.Append("\n| ratio | req/s | CPU | p50 | p99 | p99.9 |\n| --- | --- | --- | --- | --- | --- |\n");
        var first = result.Servers[0];
        foreach (var other in result.Servers.Skip(1))
        {
            page.Append($"| {first.Name} / {other.Name} | {Ratio(round => round.Rate)} | {Ratio(round => round.CpuMicroseconds)} | {Ratio(round => round.Load.P50)} | "
                + $"{Ratio(round => round.Load.P99)} | {Ratio(round => round.Load.P999)} |\n");

            string Ratio(Func<RoundResult, double> value) => InBrackets(PairedRatio.Of(first.Each(value), other.Each(value)));
        }

        page.Append('\n');
        foreach (var server in result.Servers)
            page.Append($"- {server.Name}: {ResultTable.Balance(server.Events)}\n");
        page.Append('\n');
    }

    private static void AppendMicro(StringBuilder page, MeasuredResults results, EarlierPage earlier)
    {
        var rows = earlier.Rows("Parts").ToDictionary(row => row.Key, row => string.Join(" | ", row.First()), StringComparer.Ordinal);
        foreach (var result in results.Micro.Values)
        {
            var day = result.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            rows[result.Name] = $"{result.Name} | {InBrackets(result.Nanoseconds)} | {result.AllocatedBytes} | {day}";
        }

        if (rows.Count == 0)
            return;
        page.Append("## Parts\n\nBenchmarkDotNet, `--filter '*NAME*'` with the class's name.\n\n| benchmark | ns | B allocated | day |\n| --- | --- | --- | --- |\n");
        foreach (var (_, row) in rows.OrderBy(row => row.Key, StringComparer.Ordinal))
            page.Append($"| {row} |\n");
    }

    private static string InBrackets(Spread value) =>
        value.Count == 0 ? "never undisturbed"
        : value.Count == 1 ? Number(value.Median)
        : $"{Number(value.Median)} [{Number(value.Low)} {Number(value.High)}]";

    private static string Number(double value) => double.IsNaN(value) ? "–"
        : value.ToString(Math.Abs(value) >= 100 ? "#,0" : "0.##", CultureInfo.InvariantCulture);
}
