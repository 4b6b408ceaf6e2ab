using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.Report;

/// <summary>All results that there are, to be asked for single values. What was not measured, or never undisturbed, is null.</summary>
/// <param name="Scenarios">Of the end-to-end mode, by name.</param>
/// <param name="Micro">Of BenchmarkDotNet, by name: class, method and parameters.</param>
internal sealed record MeasuredResults(IReadOnlyDictionary<string, ScenarioResult> Scenarios, IReadOnlyDictionary<string, MicroResult> Micro)
{
    /// <summary>The ratio of a scenario's first server to another one.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="other">The other server's name.</param>
    /// <param name="value">Of what.</param>
    public Spread? Ratio(string scenario, string other, Func<RoundResult, double> value)
    {
        if (!Scenarios.TryGetValue(scenario, out var result) || result.Servers.FirstOrDefault(server => server.Name == other) is not { } rival)
            return null;
        return Known(PairedRatio.Of(result.Servers[0].Each(value), rival.Each(value)));
    }

    /// <summary>A figure of a scenario.</summary>
    public Spread? Figure(string scenario, string name) =>
        Scenarios.TryGetValue(scenario, out var result) && result.Figures.FirstOrDefault(figure => figure.Name == name) is { } found ? Known(found.Value) : null;

    /// <summary>The time of a benchmark, ns.</summary>
    public Spread? Time(string benchmark) => Micro.TryGetValue(benchmark, out var result) ? Known(result.Nanoseconds) : null;

    /// <summary>The bytes that a benchmark allocates each time.</summary>
    public Spread? Allocated(string benchmark) =>
        Micro.TryGetValue(benchmark, out var result) ? new Spread(result.AllocatedBytes, result.AllocatedBytes, result.AllocatedBytes, 1) : null;

    /// <summary>The time of a benchmark divided by that of the fastest of some others. The spread is that of the benchmark.</summary>
    public Spread? TimeRatio(string benchmark, params string[] others)
    {
        var (time, rivals) = (Time(benchmark), others.Select(Time).OfType<Spread>().ToList());
        if (time is not { } own || rivals.Count < others.Length)
            return null;
        var fastest = rivals.Min(rival => rival.Median);
        return new Spread(own.Median / fastest, own.Low / fastest, own.High / fastest, own.Count);
    }

    private static Spread? Known(Spread value) => value.Count == 0 ? null : value;
}
