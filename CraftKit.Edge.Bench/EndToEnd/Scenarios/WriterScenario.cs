using System.Diagnostics;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.Storage;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>What the writer sustains, in this process: two million events through the journal into the database, counts included, until the last one
/// is committed.</summary>
internal sealed class WriterScenario : Scenario
{
    private const int Events = 2_000_000;

    public override ScenarioResult Run(Workbench bench)
    {
        return bench.Result(this) with { Figures = [Measure(1_000, "1,000 renders"), Measure(1_000_000, "1 M renders at random")] };

        Figure Measure(int renders, string name)
        {
            using var writing = new WritingJournal(bench.Folder($"writer {renders}"), renders);
            return bench.Tell(new Figure($"writer: {name}", "events/s", bench.Repeat(() => Rate(writing, renders))));
        }
    }

    private static double Rate(WritingJournal writing, int renders)
    {
        var random = new RandomNumbers(1);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Events; i++)
        {
            writing.Prepare(random.Next(renders));
            writing.Append();
        }

        writing.WaitUntilStored();
        return Events / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
