using System.Net.Sockets;
using CraftKit.Edge.Configuration;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

/// <summary>How requests may come on a connection: one after another, joined, old, cut short.</summary>
public class ProtocolTests : TransportTests
{
    [Fact]
    public async Task A_connection_serves_one_request_after_another_whatever_their_answers()
    {
        await using var connection = await Server.ConnectAsync();
        (byte[] Request, int Status)[] requests =
        [
            (Requests.Event("nonsense"), 400),
            (Requests.Event("{}"), 400),
            (Requests.Event(Requests.Viewed, id: "unknown"), 404),
            (Requests.Event(new string('x', 70_000)), 413),
            (Requests.Raw("POST /v1/renders/x/events HTTP/1.1\r\nHost: edge\r\nContent-Length: 3\r\n\r\nabc"), 401),
            (Requests.Get("/unknown"), 404),
            (Requests.Get($"/v1/renders/{InMemoryGateway.Render}/events"), 405),
            (Requests.Get($"/v1/renders/{InMemoryGateway.Render}/engagement", Requests.Authorization), 200),
            (Requests.Get("/healthz"), 200),
            (Requests.Event(Requests.Viewed), 200),
        ];
        foreach (var (request, status) in requests)
        {
            await connection.SendAsync(request);

            var response = await connection.ReceiveAsync();

            Assert.Equal(status, response.Status);
            Assert.Null(response.Header("Connection"));
        }
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using var connection = await Server.ConnectAsync();
        var bytes = new List<byte>();
        for (var i = 0; i < 200; i++)
            bytes.AddRange(Requests.Event($$$"""{"eventType":"viewed","metadata":{"n":{{{i}}}}}""", id: i % 10 == 9 ? "unknown" : InMemoryGateway.Render));
        await connection.SendAsync(bytes.ToArray());

        for (var i = 0; i < 200; i++)
            Assert.Equal(i % 10 == 9 ? 404 : 200, (await connection.ReceiveAsync()).Status);
        Assert.Equal(
            Enumerable.Range(0, 200).Where(i => i % 10 != 9).Select(i => $$"""{"n":{{i}}}"""),
            Server.Gateway.Recorded.Select(recorded => recorded.MetadataText));
    }

    [Fact]
    public async Task Who_expects_100_continue_gets_it_before_the_body()
    {
        await using var connection = await Server.ConnectAsync();
        var request = Requests.Event(Requests.Viewed, "Expect: 100-continue\r\n");
        await connection.SendAsync(request.AsMemory(0, request.Length - Requests.Viewed.Length));

        Assert.Equal(100, (await connection.ReceiveAsync()).Status);
        await connection.SendAsync(Requests.Viewed);
        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    [Theory]
    [InlineData("Authorization: Bearer x\r\nContent-Length: 10\r\n", 401)]
    [InlineData(Requests.Authorization + "Content-Length: 100000\r\n", 413)]
    public async Task Who_expects_100_continue_is_refused_before_it_sends_the_body(string headers, int status)
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync($"POST /v1/renders/x/events HTTP/1.1\r\nHost: edge\r\n{headers}Expect: 100-continue\r\n\r\n");

        Assert.Equal(status, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task Http_1_0_is_answered_and_closed()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(
            $"POST /v1/renders/{InMemoryGateway.Render}/events HTTP/1.0\r\n{Requests.Authorization}Content-Length: {Requests.Viewed.Length}\r\n\r\n{Requests.Viewed}");

        var response = await connection.ReceiveAsync();

        Assert.Equal(200, response.Status);
        Assert.Equal("close", response.Header("Connection"));
        Assert.True(await connection.EndsAsync());
    }

    [Fact]
    public async Task Http_1_0_is_kept_alive_on_request()
    {
        await using var connection = await Server.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            await connection.SendAsync("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            Assert.Equal("keep-alive", (await connection.ReceiveAsync()).Header("Connection"));
        }
    }

    [Fact]
    public async Task Connection_close_is_honoured()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(Requests.Event(Requests.Viewed, "Connection: close\r\n"));

        Assert.Equal("close", (await connection.ReceiveAsync()).Header("Connection"));
        Assert.True(await connection.EndsAsync());
    }

    [Fact]
    public async Task An_absolute_target_is_the_same_as_its_path()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(
            $"POST http://edge/v1/renders/{InMemoryGateway.Render}/events?x=1 HTTP/1.1\r\nHost: edge\r\n{Requests.Authorization}Content-Length: {Requests.Viewed.Length}\r\n\r\n{Requests.Viewed}");

        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task A_client_that_leaves_amid_its_body_is_no_error_and_records_nothing()
    {
        var request = Requests.Event(Requests.Viewed);
        for (var i = 0; i < 20; i++)
        {
            await using var connection = await Server.ConnectAsync();
            await connection.SendAsync(request.AsMemory(0, request.Length - 3));
            connection.Socket.LingerState = new LingerOption(i % 2 == 0, 0);
        }

        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.Empty(Server.Gateway.Recorded);
        Assert.True(!Server.Log.Warnings.Any(), string.Join('\n', Server.Log.Warnings));
        Assert.Equal(200, (await Server.PostEventAsync(Requests.Viewed)).Status);
    }

    [Fact]
    public async Task Many_clients_at_once_are_all_answered()
    {
        var statuses = await Task.WhenAll(Enumerable.Range(0, 50).Select(async client =>
        {
            await using var connection = await Server.ConnectAsync();
            var good = 0;
            for (var i = 0; i < 40; i++)
            {
                var request = Requests.Event($$$"""{"eventType":"viewed","metadata":{"c":{{{client}}},"i":{{{i}}}}}""");
                var split = i % 3 == 0 ? request.Length : request.Length - (i % 30);
                await connection.SendAsync(request.AsMemory(0, split));
                if (split < request.Length)
                    await Task.Yield();
                await connection.SendAsync(request.AsMemory(split));
                good += (await connection.ReceiveAsync()).Status == 200 ? 1 : 0;
            }

            return good;
        }));

        Assert.All(statuses, good => Assert.Equal(40, good));
        Assert.Equal(2_000, Server.Gateway.Recorded.Select(recorded => recorded.MetadataText).Distinct().Count());
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_the_client_is_found_over_several_lines()
    {
        await using var server = await RunningServer.StartAsync(Transport, 65_536, "127.0.0.1", "10.0.0.0/8");

        await server.PostEventAsync(Requests.Viewed, "X-Forwarded-For: garbage, 203.0.113.7\r\nVia: x\r\nx-forwarded-for: 10.0.0.9\r\n");
        await server.PostEventAsync(Requests.Viewed, "X-Forwarded-For: 203.0.113.7, \u00ff\r\n");
        await server.PostEventAsync(Requests.Viewed, "X-Forwarded-For: [2001:db8::1]:443\r\n");

        Assert.Equal(["203.0.113.7", "127.0.0.1", "2001:db8::1"], server.Gateway.Recorded.Select(recorded => recorded.Address));
    }
}

/// <summary>The same over the platform's sockets.</summary>
public sealed class ProtocolTestsOverSockets : ProtocolTests
{
    private protected override TransportKind Transport => TransportKind.Sockets;
}
