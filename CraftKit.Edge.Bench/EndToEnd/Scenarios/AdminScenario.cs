using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CraftKit.Edge.Bench.EndToEnd.Contests;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.EndToEnd.Servers;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>Events at 30 % of what the service can take, every one new, with the admin plane idle and then kept busy: 50 clients of the stats stream,
/// 100,000 renders listed again and again, one bulk of 100,000 renders after another.</summary>
internal sealed class AdminScenario : Scenario
{
    private const int Streams = 50, Renders = 100_000, Connections = 32;
    private const double Share = 0.3;

    public override ScenarioResult Run(Workbench bench)
    {
        var admin = new Uri($"http://127.0.0.1:{LocalPorts.Free()}");
        var service = bench.Service("service", settings: ("adminUrl", $"{admin}".TrimEnd('/')));
        var template = new RequestTemplate("edge.example", service.Provision().Key, 200);
        var accountKey = service.ProvisionAccountKey();
        var (quiet, busy, ratios) = (new List<double>(), new List<double>(), new List<double>());
        service.Start();
        using (service)
        using (var http = new HttpClient { BaseAddress = admin, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", accountKey) } })
        {
            var traffic = new Traffic(EventKeys.Renders, newInTen: 10);
            var rate = Share * Capacity(bench, service, template, traffic);
            var renders = $"v1/projects/{ServiceServer.ProjectId}/renders";
            Post(http, renders, "first");
            for (var round = 0; round < bench.Rounds; round++)
            {
                var before = P99();
                using var end = new CancellationTokenSource();
                var disturbing = Disturb(http, renders, round, end.Token);
                var beside = P99();
                end.Cancel();
                disturbing.GetAwaiter().GetResult();
                quiet.Add(before);
                busy.Add(beside);
                ratios.Add(beside / before);
                bench.Say($"  round {round + 1}: {rate:N0} events/s, p99 {before:N0} µs with the admin plane idle, {beside:N0} µs with it busy");

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

    private static async Task Disturb(HttpClient http, string renders, int round, CancellationToken end)
    {
        var streams = Enumerable.Range(0, Streams).Select(_ => Task.Run(
            async () =>
            {
                await using var stream = await http.GetStreamAsync(new Uri("v1/stats/stream", UriKind.Relative), end);
                var buffer = new byte[16 * 1024];
                while (await stream.ReadAsync(buffer, end) > 0)
                {
                }
            },
            end));
        var listing = Task.Run(
            async () =>
            {
                while (true)
                {
                    for (string? next = "", after = ""; next is not null; after = $"&after={next}")
                        next = NextIn(await http.GetStringAsync(new Uri($"{renders}?limit=1000{after}", UriKind.Relative), end));
                }
            },
            end);
        var loading = Task.Run(
            () =>
            {
                for (var load = 0; !end.IsCancellationRequested; load++)
                    Post(http, renders, string.Create(CultureInfo.InvariantCulture, $"{round}-{load}"));
            },
            end);
        var all = Task.WhenAll([.. streams, listing, loading]);
        await ((Task)all.ContinueWith(static _ => { }, TaskScheduler.Default)).ConfigureAwait(false);
        if (all.Exception?.InnerExceptions.FirstOrDefault(fault => fault is not OperationCanceledException) is { } fault)
            throw new InvalidOperationException($"The admin plane could not be kept busy: {fault.Message}", fault);
    }

    private static void Post(HttpClient http, string renders, string name)
    {
        var lines = new StringBuilder();
        for (var i = 0; i < Renders; i++)
            lines.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"{name}-{i}\"}}\n");
        using var content = new StringContent(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
        using var answer = http.PostAsync(new Uri(renders, UriKind.Relative), content).GetAwaiter().GetResult();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"A bulk of renders was answered with {answer.StatusCode}.");
    }

    // {"renders":[…],"next":"ID"} or null.
    private static string? NextIn(string page)
    {
        const string Name = "\"next\":\"";
        var start = page.LastIndexOf(Name, StringComparison.Ordinal);
        return start < 0 ? null : page[(start + Name.Length)..page.LastIndexOf('"')];
    }
}
