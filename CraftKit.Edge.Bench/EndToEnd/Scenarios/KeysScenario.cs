using CraftKit.Edge.Bench.EndToEnd.Contests;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.EndToEnd.Servers;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>Whether it matters how many keys are live: the service beside itself, each with so many, every event a duplicate of one of them at
/// random.</summary>
internal sealed class KeysScenario : Scenario
{
    private const int Connections = 32;
    private static readonly int[] LiveKeys = [10_000_000, 1_000_000, 1_000];

    public override ScenarioResult Run(Workbench bench)
    {
        var contestants = LiveKeys.Select(keys =>
        {
            var folder = PreparedFolder.Of(EventKeys.Renders, keys);
            var service = bench.Service($"{keys:N0} live keys", folder: folder.FolderPath);
            return new Contestant(service, new RequestTemplate("edge.example", folder.Key, 200), new Traffic(keys, newInTen: 0)) { IsPrepared = true };
        });
        var plan = bench.Plan(Connections);
        return bench.Result(this, plan, new Contest(plan, [.. contestants], bench.Say).Run());
    }
}
