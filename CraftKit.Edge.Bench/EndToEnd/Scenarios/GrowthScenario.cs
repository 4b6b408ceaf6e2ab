using CraftKit.Edge.Bench.Dedupe;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.Statistics;
using CraftKit.Edge.Dedupe;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>A window that grows from nothing to ten million keys in this process: what it takes of memory, how long a claim may stall, and when the
/// memory is given back.</summary>
internal sealed class GrowthScenario : Scenario
{
    private const int Keys = 10_000_000;
    private const int FirstMemoryLook = 1_000_000, KeysBetweenMemoryLooks = 50_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(5);

    public override ScenarioResult Run(Workbench bench)
    {
        Grow(new Runs()); // compiles
        var runs = new Runs();
        for (var i = 0; i < bench.Rounds; i++)
            Grow(runs);
        return bench.Result(this) with
        {
            Figures =
            [
                bench.Tell(new Figure("memory a live key: worst moment", "B", Spread.Of(runs.Worst))),
                bench.Tell(new Figure("memory a live key: steady", "B", Spread.Of(runs.Steady))),
                bench.Tell(new Figure("memory given back after", "windows", Spread.Of(runs.GivenBackAfter))),
                bench.Tell(new Figure("longest stall of a claim", "ms", Spread.Of(runs.LongestStall))),
            ],
        };
    }

    /// <summary>One growth, its steady state, and its end. Memory is the process's resident memory beyond what it had before.</summary>
    private static void Grow(Runs runs)
    {
        GC.Collect();
        var before = Resident();
        var clock = new GivenClock { Timestamp = TimeSpan.FromHours(1).Ticks };
        var window = new DedupeWindow(clock, Window, maxKeys: 2 * Keys);
        double worst = 0, longest = 0;
        for (var number = 0; number < Keys; number++)
        {
            var key = FilledWindow.Key(number);
            var start = ThreadTime.Nanoseconds();
            window.Claim(key, out _);
            longest = Math.Max(longest, ThreadTime.Nanoseconds() - start);
            if (number >= FirstMemoryLook && number % KeysBetweenMemoryLooks == 0)
                worst = Math.Max(worst, (double)(Resident() - before) / number);
        }

        window.Sweep();
        var steady = (double)(Resident() - before) / Keys;
        var end = clock.Timestamp;
        do
        {
            clock.Timestamp += SweepEvery.Ticks;
            window.Sweep();
        }
        while ((window.Count > 0 || Resident() - before > (Resident() / 10)) && clock.Timestamp - end < 10 * Window.Ticks);
        runs.Worst.Add(worst);
        runs.Steady.Add(steady);
        runs.GivenBackAfter.Add((double)(clock.Timestamp - end) / Window.Ticks);
        runs.LongestStall.Add(longest / 1e6);
        GC.KeepAlive(window);
    }

    private static long Resident() => ResidentMemory.OfThisProcess();

    private sealed class Runs
    {
        public List<double> Worst { get; } = [];

        public List<double> Steady { get; } = [];

        public List<double> GivenBackAfter { get; } = [];

        public List<double> LongestStall { get; } = [];
    }
}
