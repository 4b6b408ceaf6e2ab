using Xunit;

namespace CraftKit.Edge.Tests.Http;

/// <summary>Paths and methods, before any key is looked at; and the probes.</summary>
public sealed class RoutingTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("POST", "/")]
    [InlineData("POST", "/v1")]
    [InlineData("POST", "/v1/renders")]
    [InlineData("POST", "/v1/renders/")]
    [InlineData("POST", "/v1/renders/x")]
    [InlineData("POST", "/v1/renders/x/")]
    [InlineData("POST", "/v1/renders//events")]
    [InlineData("POST", "/v1/renders/x/events/")]
    [InlineData("POST", "/v1/renders/x/Events")]
    [InlineData("POST", "/V1/renders/x/events")]
    [InlineData("POST", "//v1/renders/x/events")]
    [InlineData("POST", "/v1/renders/x/y/events")]
    [InlineData("POST", "/v1/renders/x/../y/events")]
    [InlineData("POST", "/v1/renders/x%2Fevents")]
    [InlineData("POST", "/v2/renders/x/events")]
    [InlineData("POST", "/v1/events/")]
    [InlineData("POST", "/v1/events/x")]
    [InlineData("POST", "/v1//events")]
    [InlineData("POST", "/v1/Events")]
    [InlineData("POST", "/events")]
    [InlineData("GET", "/healthz/")]
    [InlineData("GET", "/Healthz")]
    [InlineData("GET", "/metrics")]
    [InlineData("DELETE", "/v1/renders/x")]
    public async Task An_unknown_route_gets_404_with_or_without_a_key(string method, string path)
    {
        await using var connection = await _server.ConnectAsync();
        foreach (var headers in new[] { "Content-Length: 0\r\n", Requests.Authorization + "Content-Length: 0\r\n" })
        {
            await connection.SendAsync(Requests.Request(method, path, headers));

            var response = await connection.ReceiveAsync();

            Assert.Equal(404, response.Status);
            Assert.Equal("not_found", response.Code);
        }
    }

    [Theory]
    [InlineData("GET", "/v1/renders/x/events", "POST")]
    [InlineData("PUT", "/v1/renders/x/events", "POST")]
    [InlineData("OPTIONS", "/v1/renders/x/events", "POST")]
    [InlineData("post", "/v1/renders/x/events", "POST")]
    [InlineData("BREW", "/v1/renders/x/events", "POST")]
    [InlineData("GET", "/v1/events", "POST")]
    [InlineData("PUT", "/v1/events", "POST")]
    [InlineData("DELETE", "/v1/events?x", "POST")]
    [InlineData("POST", "/v1/renders/x/engagement", "GET, HEAD")]
    [InlineData("DELETE", "/v1/renders/x/engagement", "GET, HEAD")]
    [InlineData("OPTIONS", "/v1/renders/x/engagement", "GET, HEAD")]
    [InlineData("POST", "/healthz", "GET, HEAD")]
    [InlineData("TRACE", "/readyz", "GET, HEAD")]
    public async Task A_wrong_method_gets_405_without_a_key(string method, string path, string allow)
    {
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync(Requests.Request(method, path, "Content-Length: 0\r\n"));

        var response = await connection.ReceiveAsync();

        Assert.Equal(405, response.Status);
        Assert.Equal(allow, response.Header("Allow"));
        Assert.Equal("method_not_allowed", response.Code);
    }

    [Theory]
    [InlineData("/v1/renders/x/events?a=b", 401)]
    [InlineData("/v1/renders/x/events?", 401)]
    [InlineData("/v1/renders/x/events?/", 401)]
    [InlineData("/%761/render%73/x/event%73", 401)]
    [InlineData("/v1/events?a=b", 401)]
    [InlineData("/v%31/%65vents", 401)]
    [InlineData("/v1/renders/x?/events", 404)]
    public async Task The_query_is_cut_off_and_escapes_of_letters_are_those_letters(string path, int status)
    {
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync(Requests.Request("POST", path, "Content-Length: 0\r\n"));

        Assert.Equal(status, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task Head_is_answered_as_get_without_the_body()
    {
        await using var connection = await _server.ConnectAsync();
        foreach (var (path, status) in new[] { ("/healthz", 200), ("/readyz", 200), ($"/v1/renders/{InMemoryGateway.Render}/engagement", 200), ("/v1/renders/unknown/engagement", 404), ("/unknown", 404) })
        {
            await connection.SendAsync(Requests.Get(path, Requests.Authorization));
            var get = await connection.ReceiveAsync();
            await connection.SendAsync(Requests.Request("HEAD", path, Requests.Authorization));
            var head = await connection.ReceiveAsync(headOnly: true);

            Assert.Equal(status, head.Status);
            Assert.Equal(get.Header("Content-Length"), head.Header("Content-Length"));
            Assert.Equal("application/json", head.Header("Content-Type"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_probes_answer_on_both_planes_without_a_key(bool admin)
    {
        await using var connection = await RawConnection.ConnectAsync(admin ? _server.AdminEndPoint : _server.EndPoint);
        await connection.SendAsync(Requests.Get("/healthz"));
        var health = await connection.ReceiveAsync();
        await connection.SendAsync(Requests.Get("/readyz"));
        var ready = await connection.ReceiveAsync();
        _server.Gateway.Reasons = ["storage not writable: \"events.db\"", "shutting down"];
        await connection.SendAsync(Requests.Get("/readyz?x"));
        var unready = await connection.ReceiveAsync();

        Assert.Equal((200, """{"status":"ok"}"""), (health.Status, health.Body));
        Assert.Equal((200, """{"ready":true}"""), (ready.Status, ready.Body));
        Assert.Equal((503, """{"ready":false,"reasons":["storage not writable: \"events.db\"","shutting down"]}"""), (unready.Status, unready.Body));
        Assert.All([health, ready, unready], response => Assert.Equal("application/json", response.Header("Content-Type")));
    }

    [Theory]
    [InlineData("POST", "/v1/renders/x/events")]
    [InlineData("GET", "/v1/renders/x/engagement")]
    public async Task The_admin_plane_has_none_of_the_data_planes_routes(string method, string path)
    {
        await using var connection = await RawConnection.ConnectAsync(_server.AdminEndPoint);
        await connection.SendAsync(Requests.Request(method, path, Requests.Authorization + "Content-Length: 0\r\n"));

        Assert.Equal("not_found", (await connection.ReceiveAsync()).Code);
    }

    [Fact]
    public async Task No_answer_names_the_server()
    {
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync(Requests.Get("/healthz"));

        Assert.Null((await connection.ReceiveAsync()).Header("Server"));
    }
}
