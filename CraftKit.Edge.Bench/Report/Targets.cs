using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.Report;

/// <summary>What the service is to reach, on a machine with two processors.</summary>
internal static class Targets
{
    private const string Static = "static endpoint";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Target> All { get; } =
    [
        .. Against("duplicates", "duplicates", rate: 1.40, cpu: 0.60, p99: 1.15),
        .. Against("new", "every event new and stored", rate: 1.25, cpu: 0.70, p99: 1.75),
        .. Against("duplicates-256", "duplicates, 256 connections", rate: 1.30, cpu: 0.60, p99: null),
        .. Against("new-256", "every event new, 256 connections", rate: 1.10, cpu: 0.75, p99: null),
        AtMost("duplicates: CPU a request / nginx `return 200`", 1.3, "", "e2e --scenario duplicates", all => all.Ratio("duplicates", "nginx return 200", Cpu)),
        AtLeast("every event new: requests/s / the usual way", 10, "", "e2e --scenario usual", all => all.Ratio("usual", "usual way", Rate)),
        AtLeast("requests/s with 10 M live keys / with 1 k", 0.90, "", "e2e --scenario keys", all => all.Ratio("keys", "1,000 live keys", Rate)),
        AtMost("our own code for a duplicate, one thread, caches warm", 250, " ns", Filter("DuplicateBenchmarks.Request"), all => all.Time("DuplicateBenchmarks.Request")),
        .. Claims(1_000, 30),
        .. Claims(1_000_000, 160),
        .. Claims(10_000_000, 330),
        AtLeast("best of three alternatives / window: time of a new key up to 10 M, two threads", 3, "", Filter("WindowRivals"), Rivals),
        AtMost("memory a live key, worst moment from 0 to 10 M", 32, " B", "e2e --scenario growth", all => all.Figure("growth", "memory a live key: worst moment")),
        AtMost("memory a live key, 10 M steady", 32, " B", "e2e --scenario growth", all => all.Figure("growth", "memory a live key: steady")),
        AtMost("windows until the memory is given back", 2, "", "e2e --scenario growth", all => all.Figure("growth", "memory given back after")),
        AtMost("longest stall of a claim from 0 to 10 M, own CPU work", 1, " ms", "e2e --scenario growth", all => all.Figure("growth", "longest stall of a claim")),
        AtMost("authentication of a key seen before", 25, " ns", Filter("AuthenticationBenchmarks"), all => all.Time("AuthenticationBenchmarks.SeenKey")),
        AtMost("journal append of 200 B beside the writer: median", 50, " ns", "e2e --scenario append", all => all.Figure("append", "append: median")),
        AtMost("journal append of 200 B beside the writer: worst", 1_000_000, " ns", "e2e --scenario append", all => all.Figure("append", "append: worst")),
        AtMost("journal append: allocated", 0, " B", Filter("AppendBesideReader"), all => all.Allocated("AppendBenchmarks.AppendBesideReader")),
        AtLeast("the writer over 2 M rows, 1,000 renders", 320_000, " events/s", "e2e --scenario writer", all => all.Figure("writer", "writer: 1,000 renders")),
        AtLeast("the writer over 2 M rows, 1 M renders at random", 200_000, " events/s", "e2e --scenario writer", all => all.Figure("writer", "writer: 1 M renders at random")),
        AtLeast("bulk: stored / the writer alone", 0.9, "", "e2e --scenario bulk", all => all.Figure("bulk", "bulk: stored / the writer alone")),
        AtLeast("bulk: stored / the single route, every event new", 4, "", "e2e --scenario bulk new", BulkAgainstSingle),
        AtMost("p99 of single events beside bulk / alone", 2, "", "e2e --scenario bulk", all => all.Figure("bulk", "single events' p99 beside bulk / alone")),
        AtMost("allocated a request beyond the server's own", 0, " B", "e2e --scenario allocations", all => all.Figure("allocations", "allocated a request beyond the server's own")),
        AtMost("p99 of events at 30 % of capacity, admin plane busy / idle", 1.3, "", "e2e --scenario admin", all => all.Figure("admin", "p99 of events, admin plane busy / idle")),
        AtMost("p99 of events at 30 % of capacity, admin plane busy", 5_000, " µs", "e2e --scenario admin", all => all.Figure("admin", "p99 of events, admin plane busy")),
        AtMost("start to first answer: empty", 90, " ms", "e2e --scenario start", all => all.Figure("start", "start to first answer: empty")),
        AtMost("start to first answer: 1 M renders", 500, " ms", "e2e --scenario start", all => all.Figure("start", "start to first answer: 1 M renders")),
        AtMost("start to first answer: 10 M events in the last window", 6000, " ms", "e2e --scenario start", all => all.Figure("start", "start to first answer: 10 M events in the last window")),
        AtMost("resident memory without the journal's mapping, idle", 40, " MB", "e2e --scenario memory", all => all.Figure("memory", "resident memory: idle, 1,000 renders")),
        AtMost("resident memory without the journal's mapping, 1 M renders", 170, " MB", "e2e --scenario memory", all => all.Figure("memory", "resident memory: idle, 1 M renders")),
        AtLeast("`durability: fsync` / `journal`, 256 connections: requests/s", 0.6, "", "e2e --scenario fsync", all => all.Ratio("fsync", "durability journal", Rate)),
        AtMost("`durability: fsync`, 256 connections: p99", 4, " fsyncs", "e2e --scenario fsync", all => all.Figure("fsync", "p99 with durability fsync")),
        AtMost("CPU at rest, of one processor", 0.1, " %", "e2e --scenario idle", all => all.Figure("idle", "CPU at rest")),
    ];

    private static IEnumerable<Target> Against(string scenario, string what, double rate, double cpu, double? p99)
    {
        yield return AtLeast($"{what} / static endpoint: requests/s", rate, "", $"e2e --scenario {scenario}", all => all.Ratio(scenario, Static, Rate));
        yield return AtMost($"{what} / static endpoint: CPU a request", cpu, "", $"e2e --scenario {scenario}", all => all.Ratio(scenario, Static, Cpu));
        if (p99 is { } limit)
            yield return AtMost($"{what} / static endpoint: p99", limit, "", $"e2e --scenario {scenario}", all => all.Ratio(scenario, Static, round => round.Load.P99));
    }

    private static IEnumerable<Target> Claims(int keys, double nanoseconds)
    {
        var (look, claim) = ($"WindowLookBenchmarks.ClaimOfLiveKey(LiveKeys={keys}, Clock=Given)", $"WindowClaimBenchmarks.ClaimOfNewKey(LiveKeys={keys})");
        var probe = $"WindowLookBenchmarks.PerfectProbe(LiveKeys={keys}, Clock=Given)";
        yield return AtMost($"claim among {keys:N0} live keys", nanoseconds, " ns", Filter("WindowLookBenchmarks"), all => all.Time(look));
        yield return AtMost($"claim among {keys:N0} live keys / one probe of a perfect table", 1.5, "", Filter("WindowLookBenchmarks"), all => all.TimeRatio(look, probe));
        yield return AtMost($"a new key among {keys:N0} / that claim", 2, "", $"--filter '*WindowLookBenchmarks*' '*WindowClaimBenchmarks*'", all => all.TimeRatio(claim, look));
    }

    private static Spread? Rivals(MeasuredResults all)
    {
        string[] rivals = ["DictionaryWithExpiry", "MemoryCache", "ConcurrentTLru"];
        return all.TimeRatio("WindowRivalsBenchmarks.Window(Keys=10000000)", [.. rivals.Select(rival => $"WindowRivalsBenchmarks.{rival}(Keys=10000000)")]) is { } ratio
            ? new Spread(1 / ratio.Median, 1 / ratio.High, 1 / ratio.Low, ratio.Count)
            : null;
    }

    private static Spread? BulkAgainstSingle(MeasuredResults all)
    {
        if (all.Figure("bulk", "bulk: stored") is not { } bulk || !all.Scenarios.TryGetValue("new", out var single))
            return null;
        var rate = Spread.Of(single.Servers[0].Each(Rate).OfType<double>()).Median;
        return new Spread(bulk.Median / rate, bulk.Low / rate, bulk.High / rate, bulk.Count);
    }

    private static string Filter(string name) => $"--filter '*{name}*'";

    private static double Rate(RoundResult round) => round.Rate;

    private static double Cpu(RoundResult round) => round.CpuMicroseconds;

    private static Target AtLeast(string what, double limit, string unit, string command, Func<MeasuredResults, Spread?> read) => new(what, limit, true, unit, command, read);

    private static Target AtMost(string what, double limit, string unit, string command, Func<MeasuredResults, Spread?> read) => new(what, limit, false, unit, command, read);
}
