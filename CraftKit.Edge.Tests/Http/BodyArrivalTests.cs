using System.Globalization;
using System.Net.Sockets;
using System.Text;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

/// <summary>How bodies may arrive: split, chunked, late, slow, cut short, too large.</summary>
public class BodyArrivalTests : TransportTests
{
    [Fact]
    public async Task A_request_may_arrive_byte_by_byte()
    {
        await using var connection = await Server.ConnectAsync();
        foreach (var one in Requests.Event("""{"eventType":"printed","metadata":{"a":"\u20ac"}}"""))
            await connection.SendAsync(new[] { one });

        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
        Assert.Equal("""{"a":"\u20ac"}""", Assert.Single(Server.Gateway.Recorded).MetadataText);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1_000)]
    public async Task A_chunked_body_is_put_together(int chunk)
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"eventType":"viewed","metadata":{"s":"{{{new string('\u20ac', 300)}}}"}}""");
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(Requests.ChunkedEventHead());
        for (var start = 0; start < body.Length; start += chunk)
            await connection.SendAsync(Chunk(body.AsSpan(start, Math.Min(chunk, body.Length - start))));
        await connection.SendAsync("0\r\n\r\n");

        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
        Assert.Equal(300 * 3, Assert.Single(Server.Gateway.Recorded).Metadata.Length - """{"s":""}""".Length);
    }

    [Fact]
    public async Task A_chunked_body_of_exactly_the_limit_is_taken_even_in_single_bytes()
    {
        var body = Encoding.UTF8.GetBytes(Requests.Viewed.PadRight(65_536));
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(Requests.ChunkedEventHead());
        await connection.SendAsync(body.SelectMany(one => Chunk([one])).Concat("0\r\n\r\n"u8.ToArray()).ToArray());

        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task A_chunked_body_with_trailers_and_extensions_is_taken()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(Requests.ChunkedEventHead());
        await connection.SendAsync($"{Requests.Viewed.Length:x};name=value\r\n{Requests.Viewed}\r\n0\r\nX-Trailer: \u00ff\r\n\r\n");

        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
        await connection.SendAsync(Requests.Get("/healthz"));
        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task A_chunked_body_over_the_limit_gets_413_before_it_ends()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(Requests.ChunkedEventHead());
        await connection.SendAsync(Chunk(new byte[40_000]));
        await connection.SendAsync(Chunk(new byte[40_000]));

        var response = await connection.ReceiveAsync();

        Assert.Equal("payload_too_large", response.Code);
        await connection.SendAsync("0\r\n\r\n");
        await connection.SendAsync(Requests.Event(Requests.Viewed));
        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task Nobody_uploads_for_ever_after_a_413()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(Requests.ChunkedEventHead());
        var chunk = Chunk(new byte[20_000]);
        var uploading = Task.Run(async () =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                await connection.SendAsync(chunk);
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        });

        Assert.Equal("payload_too_large", (await connection.ReceiveAsync()).Code);
        await Assert.ThrowsAsync<SocketException>(() => uploading.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_body_that_comes_after_its_head_is_awaited()
    {
        var request = Requests.Event(Requests.Viewed);
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(request.AsMemory(0, request.Length - 5));
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Empty(Server.Gateway.Recorded);
        await connection.SendAsync(request.AsMemory(request.Length - 5));

        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task A_body_that_ends_too_early_ends_the_connection_and_records_nothing()
    {
        await using var connection = await Server.ConnectAsync();
        var request = Requests.Event(Requests.Viewed);
        await connection.SendAsync(request.AsMemory(0, request.Length - 3));
        connection.Socket.Shutdown(SocketShutdown.Send);

        Assert.True(await connection.EndsAsync());
        Assert.Empty(Server.Gateway.Recorded);
        Assert.Empty(Server.Log.Warnings);
    }

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("5\r\n{\"eve\nx")]
    [InlineData("-1\r\n")]
    [InlineData("fffffffff\r\n")]
    public async Task A_body_that_is_badly_chunked_gets_400(string chunks)
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(Requests.ChunkedEventHead());
        await connection.SendAsync(chunks);

        var response = await connection.ReceiveAsync();

        Assert.Equal(400, response.Status);
        Assert.Equal("bad_request", response.Code);
        Assert.Equal("close", response.Header("Connection"));
        Assert.True(await connection.EndsAsync());
        Assert.Empty(Server.Log.Warnings);
    }

    [Fact]
    public async Task A_body_that_trickles_gets_408()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(Requests.Event(new byte[1_000]).AsMemory(0, 200));

        var response = await connection.ReceiveAsync();

        Assert.Equal(408, response.Status);
        Assert.Equal("request_timeout", response.Code);
        Assert.True(await connection.EndsAsync());
    }

    [Fact]
    public async Task A_large_body_in_many_pieces_is_taken_when_the_limit_allows()
    {
        await using var server = await RunningServer.StartAsync(Transport, maxBodyBytes: 16 << 20);
        var metadata = $$"""{"s":"{{new string('x', (16 << 20) - 100)}}"}""";

        var response = await server.PostEventAsync($$"""{"eventType":"viewed","metadata":{{metadata}}}""");

        Assert.Equal(200, response.Status);
        Assert.Equal(metadata.Length, Assert.Single(server.Gateway.Recorded).Metadata.Length);
    }

    [Fact]
    public async Task A_body_with_a_byte_order_mark_is_taken()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Requests.Viewed)];

        Assert.Equal(200, (await Server.PostEventAsync(body)).Status);
        Assert.Equal(EventType.Viewed, Assert.Single(Server.Gateway.Recorded).Type);
    }

    private static byte[] Chunk(ReadOnlySpan<byte> bytes) =>
        [.. Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture)), .. "\r\n"u8, .. bytes, .. "\r\n"u8];
}

/// <summary>The same over the platform's sockets.</summary>
public sealed class BodyArrivalTestsOverSockets : BodyArrivalTests
{
    private protected override TransportKind Transport => TransportKind.Sockets;
}
