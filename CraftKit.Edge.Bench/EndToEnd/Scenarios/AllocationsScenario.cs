using System.Globalization;
using CraftKit.Edge.Bench.EndToEnd.Contests;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.EndToEnd.Servers;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>Bytes that a request allocates on the collected heap, whoever's code it is: the service's, by its metrics, beside the endpoint's that does
/// nothing.</summary>
internal sealed class AllocationsScenario : Scenario
{
    private const int Connections = 32;
    private const string Metric = "\ncraftkit_edge_gc_allocated_bytes_total ";

    public override ScenarioResult Run(Workbench bench)
    {
        var admin = $"http://127.0.0.1:{LocalPorts.Free()}";
        var service = bench.Service("service", settings: ("adminUrl", admin));
        var template = new RequestTemplate("edge.example", service.Provision().Key, 200);
        using var http = new HttpClient();
        var duplicates = Each(bench, service, new Traffic(EventKeys.Renders, newInTen: 0), template, Service);
        var recorded = Each(bench, service, new Traffic(EventKeys.Renders, newInTen: 10), template, Service);
        var nothing = new StaticServer(bench.Programs.Static);
        var baseline = Each(bench, nothing, new Traffic(EventKeys.Renders, newInTen: 0), template, () => Read($"{nothing.Url}allocated"));
        return bench.Result(this) with
        {
            Figures =
            [
                bench.Tell(new Figure("allocated a request: duplicates", "B", duplicates)),
                bench.Tell(new Figure("allocated a request: every event new", "B", recorded)),
                bench.Tell(new Figure("allocated a request: static endpoint", "B", baseline)),
                bench.Tell(new Figure(
                    "allocated a request beyond the server's own", "B", Spread.Of([Math.Max(0, Math.Max(duplicates.Median, recorded.Median) - baseline.Median)]))),
            ],
        };

        double Service()
        {
            var text = http.GetStringAsync(new Uri($"{admin}/metrics")).GetAwaiter().GetResult();
            var start = text.IndexOf(Metric, StringComparison.Ordinal) + Metric.Length;
            return double.Parse(text.AsSpan(start, text.IndexOf('\n', start) - start), CultureInfo.InvariantCulture);
        }

        double Read(string url) => double.Parse(http.GetStringAsync(new Uri(url)).GetAwaiter().GetResult(), CultureInfo.InvariantCulture);
    }

    /// <summary>Loads a server time and again. What asking costs is measured and taken off.</summary>
    private static Spread Each(Workbench bench, Server server, Traffic traffic, RequestTemplate template, Func<double> allocated)
    {
        const double MostAnswers = 400_000;
        var plan = bench.Plan(Connections);
        var each = new List<double>();
        server.Start();
        using (server)
        {
            Contest.LearnAnswers(server, template);
            for (var round = -1; round < bench.Rounds; round++)
            {
                using var requests = new RequestFile($"{plan.RequestsPath}-allocations", template, traffic.Next((int)(MostAnswers * plan.Time.TotalSeconds), out _));
                var (first, second) = (allocated(), allocated());
                var load = plan.Client.Run(server, requests, Connections, plan.Time);
                var bytes = allocated() - second - (second - first);
                if (round >= 0)
                    each.Add(bytes / load.Answered);
            }
        }

        return Spread.Of(each);
    }
}
