using System.Globalization;
using System.Text;
using CraftKit.Edge.Bench.EndToEnd.Contests;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.EndToEnd.Servers;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>Events at 30 % of what the service can take, every one new, with the admin plane idle and then kept busy: 50 clients of the stats stream,
/// 100,000 renders listed again and again, one bulk of 100,000 renders after another. Then beside threads of the lowest priority that only count, one
/// a processor: what work at a stretch costs here whatever its priority, to compare with.</summary>
internal sealed class AdminScenario : Scenario
{
    private const int Streams = 50, Renders = 100_000, Connections = 32, Loads = 8;
    private const double Share = 0.3;

    public override ScenarioResult Run(Workbench bench)
    {
        var admin = new Uri($"http://127.0.0.1:{LocalPorts.Free()}");
        var service = bench.Service("service", settings: ("adminUrl", $"{admin}".TrimEnd('/')));
        var template = new RequestTemplate("edge.example", service.Provision().Key, 200);
        var accountKey = service.ProvisionAccountKey();
        var (quiet, busy, ratios, counting) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        service.Start();
        using (service)
        {
            var traffic = new Traffic(EventKeys.Renders, newInTen: 10);
            var rate = Share * Capacity(bench, service, template, traffic);
            var renders = $"/v1/projects/{ServiceServer.ProjectId}/renders";
            using (var client = new OneByOne(admin))
                client.Ask(Bulk($"Host: edge.example\r\nAuthorization: Bearer {accountKey}\r\n", renders, "first"));
            for (var round = 0; round < bench.Rounds; round++)
            {
                var before = P99();
                var beside = Beside(end => Disturb(admin, accountKey, renders, round, end));
                var besideCounting = Beside(Count);
                quiet.Add(before);
                busy.Add(beside);
                ratios.Add(beside / before);
                counting.Add(besideCounting / before);
                bench.Say($"  round {round + 1}: {rate:N0} events/s, p99 {before:N0} µs with the admin plane idle, {beside:N0} µs with it busy, "
                    + $"{besideCounting:N0} µs beside threads that only count");

                double Beside(Func<CancellationToken, Task> disturb)
                {
                    using var end = new CancellationTokenSource();
                    var disturbing = disturb(end.Token);
                    var p99 = P99();
                    end.Cancel();
                    disturbing.GetAwaiter().GetResult();
                    return p99;
                }

                double P99() => PacedClient.Run(service, template, traffic, Connections, rate, bench.Plan(Connections).Time).Quantile(0.99) / 1000;
            }
        }

        return bench.Result(this) with
        {
            Figures =
            [
                bench.Tell(new Figure("p99 of events, admin plane idle", "µs", Spread.Of(quiet))),
                bench.Tell(new Figure("p99 of events, admin plane busy", "µs", Spread.Of(busy))),
                bench.Tell(new Figure("p99 of events, admin plane busy / idle", "", Spread.Of(ratios))),
                bench.Tell(new Figure("p99 of events, threads that only count / idle", "", Spread.Of(counting))),
            ],
        };
    }

    private static double Capacity(Workbench bench, Server service, RequestTemplate template, Traffic traffic)
    {
        const double MostAnswers = 250_000;
        var plan = bench.Plan(Connections);
        using var requests = new RequestFile($"{plan.RequestsPath}-capacity", template, traffic.Next((int)(MostAnswers * plan.Time.TotalSeconds), out _));
        Contest.LearnAnswers(service, template);
        var rate = plan.Client.Run(service, requests, Connections, plan.Time).Rate;
        service.WaitForRest();
        return rate;
    }

    /// <summary>Keeps the admin plane busy until <paramref name="end"/>. The threads of these clients give way to the one that measures and to the
    /// service: what is to be seen is the service's doing.</summary>
    private static Task Disturb(Uri admin, string accountKey, string renders, int round, CancellationToken end)
    {
        var head = $"Host: edge.example\r\nAuthorization: Bearer {accountKey}\r\n";
        var bodies = Enumerable.Range(0, Loads).Select(load => Bulk(head, renders, $"{round}-{load}")).ToList();
        return Task.WhenAll(
            Clients.Run(() =>
            {
                var streams = Enumerable.Range(0, Streams).Select(_ => new OneByOne(admin)).ToList();
                foreach (var stream in streams)
                    stream.Begin(Encoding.ASCII.GetBytes($"GET /v1/stats/stream HTTP/1.1\r\n{head}\r\n"));
                while (!end.IsCancellationRequested)
                    streams.ForEach(stream => stream.Drain());
                streams.ForEach(stream => stream.Dispose());
            }),
            Clients.Run(() =>
            {
                using var client = new OneByOne(admin);
                while (!end.IsCancellationRequested)
                {
                    for (string? next = "", after = ""; next is not null && !end.IsCancellationRequested; after = $"&after={next}")
                        next = NextIn(Chunks.Join(client.AskForBytes(Encoding.ASCII.GetBytes($"GET {renders}?limit=1000{after} HTTP/1.1\r\n{head}\r\n"))));
                }
            }),
            Clients.Run(() =>
            {
                using var client = new OneByOne(admin);
                for (var load = 0; !end.IsCancellationRequested; load = (load + 1) % Loads)
                    client.Ask(bodies[load]);
            }));
    }

    private static Task Count(CancellationToken end) => Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Clients.Run(() =>
    {
        while (!end.IsCancellationRequested)
            Thread.SpinWait(100);
    })));

    private static byte[] Bulk(string head, string renders, string name)
    {
        var lines = new StringBuilder();
        for (var i = 0; i < Renders; i++)
            lines.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"{name}-{i}\"}}\n");
        return Encoding.ASCII.GetBytes($"POST {renders} HTTP/1.1\r\n{head}Content-Type: application/x-ndjson\r\nContent-Length: {lines.Length}\r\n\r\n{lines}");
    }

    // {"renders":[…],"next":"ID"} or null.
    private static string? NextIn(ReadOnlySpan<byte> page)
    {
        var start = page.LastIndexOf("\"next\":\""u8) + "\"next\":\"".Length;
        return start < "\"next\":\"".Length ? null : Encoding.ASCII.GetString(page[start..page.LastIndexOf((byte)'"')]);
    }
}
