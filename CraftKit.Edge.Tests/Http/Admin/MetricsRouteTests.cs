using System.Globalization;
using CraftKit.Edge.Tests.Metrics;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

/// <summary>The numbers of <c>/metrics</c> are true: each is moved and looked at.</summary>
public sealed class MetricsRouteTests : IAsyncLifetime
{
    private AdminServer _server = null!;
    private string _key = "";

    public async ValueTask InitializeAsync()
    {
        _server = await AdminServer.StartAsync();
        var project = await _server.AddProjectAsync();
        (_key, _) = await _server.CreateKeyAsync(project);
        (await _server.SendAsync("PUT", $"/v1/projects/{project}/renders/r")).Expect(201);
        (await _server.SendAsync("PUT", $"/v1/projects/{project}/renders/q")).Expect(201);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Anybody_may_read_them_in_the_format_that_promtool_approves_of()
    {
        var answer = (await _server.SendAsync("GET", "/metrics", key: "")).Expect(200);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Headers["Content-Type"]);
        var scrape = new Scrape(answer.Body);
        Assert.All(scrape.Types.Keys, name => Assert.StartsWith("craftkit_edge_", name, StringComparison.Ordinal));
        Assert.All(scrape.Types, family => Assert.Equal(family.Value == "counter", family.Key.EndsWith("_total", StringComparison.Ordinal)));
        await Promtool.CheckAsync(answer.Body, "check", "metrics");
    }

    [Fact]
    public async Task Requests_count_by_route_and_status()
    {
        (await _server.RecordAsync("r", _key)).Expect(200);
        (await _server.RecordAsync("r", "ck_live_0123456789abcdefghijABCDEFGHIJ01")).Expect(401);
        (await _server.RecordAsync("nothing", _key)).Expect(404);
        (await _server.SendToDataAsync("POST", "/v1/renders/r/events", "{", _key)).Expect(400);
        (await _server.SendToDataAsync("GET", "/v1/renders/r/engagement", null, _key)).Expect(200);
        (await _server.SendToDataAsync("GET", "/elsewhere", null, _key)).Expect(404);
        (await _server.SendToDataAsync("GET", "/healthz", null, "")).Expect(200);
        await using (var raw = await RawConnection.ConnectAsync(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, new Uri(_server.Url).Port)))
        {
            await raw.SendAsync("BROKEN\r\n\r\n");
            Assert.Equal(400, (await raw.ReceiveAsync()).Status);
        }

        // A request is counted when its answer is out, a moment after the client has it.
        await SoonAsync(scrape =>
        {
            foreach (var status in new[] { 200, 400, 401, 404 })
                Assert.Equal(1, Requests(scrape, "data", "/v1/renders/{id}/events", status));
            Assert.Equal(1, Requests(scrape, "data", "/v1/renders/{id}/engagement", 200));
            Assert.Equal(1, Requests(scrape, "data", "/healthz", 200));
            Assert.Equal(1, Requests(scrape, "data", "none", 404));
            Assert.Equal(1, Requests(scrape, "data", "refused", 400));
            Assert.Equal(2, Requests(scrape, "admin", "/v1/projects/{id}/renders/{id}", 201));
            Assert.Equal(1, Requests(scrape, "admin", "/v1/projects", 201));
            Assert.Equal(4, scrape["craftkit_edge_http_request_duration_seconds_count{route=\"/v1/renders/{id}/events\"}"]);
            Assert.InRange(scrape["craftkit_edge_http_request_duration_seconds_sum{route=\"/v1/renders/{id}/events\"}"], 1e-6, 60);
        });
        var scrapes = Requests(await ScrapeAsync(), "admin", "/metrics", 200);
        await SoonAsync(scrape => Assert.True(Requests(scrape, "admin", "/metrics", 200) > scrapes));
    }

    [Fact]
    public async Task Events_count_by_what_became_of_them_and_type()
    {
        foreach (var type in new[] { "viewed", "viewed", "viewed", "printed" })
            (await _server.RecordAsync("r", _key, type)).Expect(200);
        (await _server.SendToDataAsync("POST", "/v1/events", """[{"renderId":"q","eventType":"downloaded"},{"renderId":"q","eventType":"downloaded"}]""", _key)).Expect(200);

        var scrape = await ScrapeAsync();
        Assert.Equal([1, 1, 1], new[] { "viewed", "downloaded", "printed" }.Select(type => scrape[$"craftkit_edge_events_recorded_total{{type=\"{type}\"}}"]));
        Assert.Equal([2, 1, 0], new[] { "viewed", "downloaded", "printed" }.Select(type => scrape[$"craftkit_edge_events_duplicate_total{{type=\"{type}\"}}"]));
    }

    [Fact]
    public async Task No_series_comes_with_the_data()
    {
        var before = (await ScrapeAsync()).Series.ToHashSet();
        for (var i = 0; i < 20; i++)
        {
            var project = await _server.AddProjectAsync($"P{i}");
            var (key, _) = await _server.CreateKeyAsync(project);
            (await _server.SendAsync("PUT", $"/v1/projects/{project}/renders/r{i}")).Expect(201);
            (await _server.RecordAsync($"r{i}", key)).Expect(200);
            (await _server.SendToDataAsync("GET", $"/elsewhere/{i}", null, key)).Expect(404);
        }

        Assert.All((await ScrapeAsync()).Series.Except(before), series => Assert.Contains("craftkit_edge_http_requests_total{", series, StringComparison.Ordinal));
        Assert.DoesNotContain("r7", (await ScrapeAsync()).Labels.SelectMany(values => values));
    }

    private static double Requests(Scrape scrape, string plane, string route, int status) =>
        scrape[string.Create(CultureInfo.InvariantCulture, $"craftkit_edge_http_requests_total{{plane=\"{plane}\",route=\"{route}\",status=\"{status}\"}}")];

    private Task SoonAsync(Action<Scrape> assert) => AdminServer.SoonAsync(ScrapeAsync, assert);

    private async Task<Scrape> ScrapeAsync() => new((await _server.SendAsync("GET", "/metrics", key: "")).Expect(200).Body);
}
