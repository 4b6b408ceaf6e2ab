using System.Diagnostics;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.EndToEnd.Servers;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>What the service uses when nobody asks for anything, as a share of one processor.</summary>
internal sealed class IdleScenario : Scenario
{
    private const int OpenConnections = 32;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    public override ScenarioResult Run(Workbench bench)
    {
        var service = bench.Service("service");
        service.Provision();
        service.Start();
        using (service)
        {
            var alone = bench.Tell(new Figure("CPU at rest", "% of a processor", bench.Repeat(() => Share(service))));
            var open = Enumerable.Range(0, OpenConnections).Select(_ => new OneByOne(service)).ToList();
            var held = bench.Tell(new Figure($"CPU at rest, {OpenConnections} open connections", "% of a processor", bench.Repeat(() => Share(service))));
            open.ForEach(connection => connection.Dispose());
            return bench.Result(this) with { Figures = [alone, held] };
        }
    }

    private static double Share(ServiceServer service)
    {
        Thread.Sleep(Settling);
        var (cpu, clock) = (service.CpuSeconds, Stopwatch.StartNew());
        Thread.Sleep(Time);
        return 100 * (service.CpuSeconds - cpu) / clock.Elapsed.TotalSeconds;
    }
}
