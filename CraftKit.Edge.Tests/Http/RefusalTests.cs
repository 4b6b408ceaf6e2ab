using CraftKit.Edge.Configuration;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

/// <summary>What the HTTP server refuses by itself carries the same JSON as every other error.</summary>
public class RefusalTests : TransportTests
{
    public static TheoryData<string, int, string> Malformed => new()
    {
        { "nonsense\r\n\r\n", 400, "bad_request" },
        { "GET\r\n\r\n", 400, "bad_request" },
        { "GET /healthz\r\n\r\n", 400, "bad_request" },
        { "GET  HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request" },
        { "GET /\u00ff HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request" },
        { "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request" },
        { "GET /healthz HTTP/1.1\r\n\r\n", 400, "bad_request" },
        { "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "bad_request" },
        { "GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "bad_request" },
        { "GET /healthz HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n", 400, "bad_request" },
        { "GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400, "bad_request" },
        { "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400, "bad_request" },
        { "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400, "bad_request" },
        { $"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: {new string('9', 21)}\r\n\r\n", 400, "bad_request" },
        { $"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: {new string('x', 1000)}\r\n\r\n", 400, "bad_request" },
        { "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: \u00ff\r\n\r\n", 400, "bad_request" },
        { "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "bad_request" },
        { "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400, "bad_request" },
        { "POST /x HTTP/1.0\r\nHost: a\r\n\r\n", 400, "bad_request" },
        { "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 405, "method_not_allowed" },
        { "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 405, "method_not_allowed" },
        { $"GET /{new string('x', 9_000)} HTTP/1.1\r\nHost: a\r\n\r\n", 414, "uri_too_long" },
        { $"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('x', 40_000)}\r\n\r\n", 431, "headers_too_large" },
        { $"GET / HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", 120))}\r\n", 431, "headers_too_large" },
        { "GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505, "http_version_not_supported" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_refusal_carries_json_and_ends_the_connection(string request, int status, string code)
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(request);

        var response = await connection.ReceiveAsync();

        Assert.Equal(status, response.Status);
        Assert.Equal(code, response.Code);
        Assert.Equal("close", response.Header("Connection"));
        Assert.True(await connection.EndsAsync());
        Assert.Empty(Server.Log.Warnings);
    }

    [Fact]
    public async Task The_allow_header_of_a_refusal_is_kept()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync("GET * HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.NotNull((await connection.ReceiveAsync()).Header("Allow"));
    }

    [Fact]
    public async Task A_refusal_after_answers_on_the_same_connection_carries_json_too()
    {
        await using var connection = await Server.ConnectAsync();
        byte[] requests = [.. Enumerable.Repeat(Requests.Event(Requests.Viewed), 60).SelectMany(request => request), .. Requests.Raw("nonsense\r\n\r\n")];
        await connection.SendAsync(requests);

        for (var i = 0; i < 60; i++)
            Assert.Equal(200, (await connection.ReceiveAsync()).Status);
        Assert.Equal("bad_request", (await connection.ReceiveAsync()).Code);
        Assert.True(await connection.EndsAsync());
    }

    [Fact]
    public async Task The_admin_planes_refusals_carry_json_too()
    {
        await using var connection = await RawConnection.ConnectAsync(Server.AdminEndPoint);
        await connection.SendAsync("nonsense\r\n\r\n");

        Assert.Equal("bad_request", (await connection.ReceiveAsync()).Code);
    }

    [Fact]
    public async Task A_head_that_never_ends_gets_408()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync("GET /healthz HTTP/1.1\r\nHost: a\r\n");

        var response = await connection.ReceiveAsync();

        Assert.Equal("request_timeout", response.Code);
        Assert.Equal(408, response.Status);
        Assert.True(await connection.EndsAsync());
    }
}

/// <summary>The same over the platform's sockets.</summary>
public sealed class RefusalTestsOverSockets : RefusalTests
{
    private protected override TransportKind Transport => TransportKind.Sockets;
}
