using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.EndToEnd.Servers;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>Resident memory of the idle service without the mapping of its journal, whose pages belong to the file.</summary>
internal sealed class MemoryScenario : Scenario
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public override ScenarioResult Run(Workbench bench)
    {
        var empty = bench.Service("empty");
        empty.Provision();
        return bench.Result(this) with
        {
            Figures =
            [
                Measure("1,000 renders", empty),
                Measure("1 M renders", bench.Service("renders", folder: PreparedFolder.Of(renders: 1_000_000, events: 0).FolderPath)),
            ],
        };

        Figure Measure(string name, ServiceServer service)
        {
            var sizes = new List<double>();
            for (var i = 0; i < bench.Rounds; i++)
            {
                service.Start();
                Thread.Sleep(Settling);
                sizes.Add(ResidentMemory.OfProcess(service.ProcessId, except: "/events.journal") / 1e6);
                service.Stop();
            }

            return bench.Tell(new Figure($"resident memory: idle, {name}", "MB", Spread.Of(sizes)));
        }
    }
}
