using CraftKit.Edge.Bench.EndToEnd.Contests;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>What it costs to answer only once the disk has the event: durability fsync beside the default, every event new.</summary>
internal sealed class FsyncScenario : Scenario
{
    private const int Connections = 256;

    public override ScenarioResult Run(Workbench bench)
    {
        var synced = bench.Service("durability fsync", settings: ("durability", "fsync"));
        var journal = bench.Service("durability journal");
        var traffic = new Traffic(EventKeys.Renders, newInTen: 10);
        Contestant[] contestants =
        [
            .. new[] { synced, journal }.Select(service => new Contestant(service, new RequestTemplate("edge.example", service.Provision().Key, 200), traffic)),
        ];
        var before = SyncTime.Measure(bench.Folder("sync"));
        var plan = bench.Plan(Connections);
        var servers = new Contest(plan, contestants, bench.Say).Run();
        var sync = Spread.Of([.. before, .. SyncTime.Measure(bench.Folder("sync"))]);
        var tail = Spread.Of(servers[0].Each(round => round.Load.P99 / sync.Median).OfType<double>());
        return bench.Result(this, plan, servers) with
        {
            Figures = [new Figure("one fsync of the same folder", "µs", sync), new Figure("p99 with durability fsync", "fsyncs", tail)],
        };
    }
}
