using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.Statistics;
using CraftKit.Edge.Bench.Storage;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>Appending records of 200 bytes to the journal on the data folder's own disk, in this process, while the writer stores them: ten times the
/// journal's size, at a rate that the writer keeps up with.</summary>
internal sealed class AppendScenario : Scenario
{
    private const int Renders = 1_000;
    private const int Laps = 10;
    private const long JournalBytes = 64 << 20;
    private const int RecordBytes = 256;
    private const int Burst = 200;

    public override ScenarioResult Run(Workbench bench)
    {
        var (medians, worsts) = (new List<double>(), new List<double>());
        using var writing = new WritingJournal(bench.Folder("append"), Renders);
        for (var i = 0; i < bench.Rounds; i++)
        {
            var times = Measure(writing);
            Array.Sort(times);
            medians.Add(times[times.Length / 2]);
            worsts.Add(times[^1]);
        }

        return bench.Result(this) with
        {
            Figures =
            [
                bench.Tell(new Figure("append: median", "ns", Spread.Of(medians))),
                bench.Tell(new Figure("append: worst", "ns", Spread.Of(worsts))),
            ],
        };
    }

    /// <summary>The CPU time of each append. Bursts with a pause between them leave the writer its share of the processors.</summary>
    private static double[] Measure(WritingJournal writing)
    {
        var clock = ThreadTime.Cost();
        var times = new double[Laps * JournalBytes / RecordBytes];
        for (var i = 0; i < times.Length; i++)
        {
            writing.Prepare(i % Renders);
            var start = ThreadTime.Nanoseconds();
            writing.Append();
            times[i] = Math.Max(0, ThreadTime.Nanoseconds() - start - clock);
            if (i % Burst == 0)
                writing.LetItCatchUp();
        }

        return times;
    }
}
