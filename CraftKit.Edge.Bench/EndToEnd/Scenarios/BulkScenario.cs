using System.Diagnostics;
using System.Text;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.EndToEnd.Servers;
using CraftKit.Edge.Bench.Statistics;
using CraftKit.Edge.Bench.Storage;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>Bulk requests that keep the writer busy, every event new: how many a second reach the database, beside what the writer alone can store in
/// the same minute; and what single events pay meanwhile.</summary>
internal sealed class BulkScenario : Scenario
{
    private const int Connections = 2, RequestsOfEach = 50;
    private const int Events = Connections * RequestsOfEach * BulkBody.Items;
    private const int SinglesASecond = 2_000;
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(3);

    public override ScenarioResult Run(Workbench bench)
    {
        var service = bench.Service("service");
        var key = service.Provision().Key;
        var (stored, shares, quiet, busy, ratios) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        service.Start();
        using (service)
        using (var writing = new WritingJournal(bench.Folder("writer"), EventKeys.Renders))
        {
            var next = (long)EventKeys.Renders;
            var bodies = Enumerable.Range(0, Connections).Select(_ => new BulkBody(key)).ToArray();
            var single = new RequestTemplate("edge.example", key, 200);
            for (var round = 0; round < bench.Rounds; round++)
            {
                var limit = WriterRate(writing);
                var rate = LoadRate(service, key, bodies, ref next);
                var before = P99(service, single, Alone);
                using var end = new CancellationTokenSource();
                var load = Task.Run(() => LoadUntil(service, key, bodies, ref next, end.Token));
                var beside = P99(service, single, Alone);
                end.Cancel();
                load.GetAwaiter().GetResult();
                stored.Add(rate);
                shares.Add(rate / limit);
                quiet.Add(before);
                busy.Add(beside);
                ratios.Add(beside / before);
                bench.Say($"  round {round + 1}: {rate:N0} events/s stored, the writer alone {limit:N0}; single events' p99 {before:N0} µs alone, {beside:N0} µs beside");
            }

            service.Stop();
            var counted = service.CountEvents();
            if (counted != next - EventKeys.Renders + 1)
                throw new InvalidOperationException($"{counted} events are in the database, {next - EventKeys.Renders + 1} were recorded.");
        }

        return bench.Result(this) with
        {
            Figures =
            [
                bench.Tell(new Figure("bulk: stored", "events/s", Spread.Of(stored))),
                bench.Tell(new Figure("bulk: stored / the writer alone", "", Spread.Of(shares))),
                bench.Tell(new Figure("single events alone: p99", "µs", Spread.Of(quiet))),
                bench.Tell(new Figure("single events beside bulk: p99", "µs", Spread.Of(busy))),
                bench.Tell(new Figure("single events' p99 beside bulk / alone", "", Spread.Of(ratios))),
            ],
        };
    }

    /// <summary>Events a second from the first byte sent to the last event stored.</summary>
    private static double LoadRate(ServiceServer service, string key, BulkBody[] bodies, ref long next)
    {
        var start = next;
        next += Events;
        var clock = Stopwatch.StartNew();
        var clients = Enumerable.Range(0, Connections).Select(client => Clients.Run(() =>
        {
            using var connection = new BulkConnection(service);
            for (var request = 0; request < RequestsOfEach; request++)
                connection.Send(bodies[client].Of(start + (((client * RequestsOfEach) + request) * (long)BulkBody.Items)));
        }));
        Task.WaitAll([.. clients]);

        // Engagement is answered when all that was acknowledged before is committed.
        using var reader = new OneByOne(service);
        reader.Ask(Encoding.ASCII.GetBytes(
            $"GET /v1/renders/{EventKeys.RenderId(0)}/engagement HTTP/1.1\r\nHost: edge.example\r\nAuthorization: Bearer {key}\r\n\r\n"));
        return Events / clock.Elapsed.TotalSeconds;
    }

    private static double WriterRate(WritingJournal writing)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Events; i++)
        {
            writing.Prepare(i % EventKeys.Renders);
            writing.Append();
        }

        writing.WaitUntilStored();
        return Events / clock.Elapsed.TotalSeconds;
    }

    private static void LoadUntil(ServiceServer service, string key, BulkBody[] bodies, ref long next, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
            LoadRate(service, key, bodies, ref next);
    }

    /// <summary>The p99, µs, of duplicates at a rate that leaves the service room.</summary>
    private static double P99(ServiceServer service, RequestTemplate template, TimeSpan time)
    {
        using (var connection = new OneByOne(service))
            connection.Ask(template, 0);
        return PacedClient.Run(service, template, new Traffic(liveKeys: 1, newInTen: 0), connections: 2, SinglesASecond, time).Quantile(0.99) / 1000;
    }
}
