using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Http;
using CraftKit.Edge.Http.Admin;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

/// <summary><c>/v1/stats/stream</c>: who follows, who is slow, and how it ends (docs/API.md, "Figures").</summary>
public sealed class StatsStreamTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private AdminServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AdminServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_message_comes_at_once_and_then_one_a_second_each_like_the_answer_of_stats()
    {
        var members = (await _server.SendAsync("GET", "/v1/stats")).Expect(200).Members;
        using var stream = await OpenAsync();
        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType!.ToString());
        var watch = Stopwatch.StartNew();
        var times = new List<DateTimeOffset>();
        for (var i = 0; i < 4; i++)
        {
            using var message = JsonDocument.Parse((await stream.NextAsync())!);
            Assert.Equal(members, message.RootElement.EnumerateObject().Select(member => member.Name));
            times.Add(message.RootElement.GetProperty("time").GetDateTimeOffset());
        }

        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(10));
        Assert.Equal(times.Order(), times);
        Assert.Equal(4, times.Distinct().Count());
    }

    [Fact]
    public async Task All_who_follow_get_the_same_messages_and_who_has_left_is_forgotten()
    {
        var watch = Stopwatch.StartNew();
        var streams = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => OpenAsync()));
        Assert.Equal(50, _server.Listeners.Stats!.Followers);
        var seen = await Task.WhenAll(streams.Select(async stream =>
        {
            // The first is its own, written when it came.
            await stream.NextAsync();
            return (string[])[(await stream.NextAsync())!, (await stream.NextAsync())!];
        }));
        Assert.All(seen, pair => Assert.NotEqual(pair[0], pair[1]));
        Assert.InRange(seen.SelectMany(pair => pair).Distinct().Count(), 2, (int)watch.Elapsed.TotalSeconds + 1);
        foreach (var stream in streams)
            stream.Dispose();
        for (var start = Stopwatch.GetTimestamp(); _server.Listeners.Stats.Followers > 0; await Task.Delay(20, TestContext.Current.CancellationToken))
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"{_server.Listeners.Stats.Followers} still follow");
    }

    [Fact]
    public async Task The_answer_to_HEAD_is_the_head_alone_and_leaves_the_connection_open()
    {
        await using var raw = await _server.ConnectAsync();
        await raw.SendAsync($"HEAD /v1/stats/stream HTTP/1.1\r\nHost: edge\r\n{_server.Authorization}\r\n");
        var head = await raw.ReceiveAsync(headOnly: true);
        Assert.Equal((200, "text/event-stream"), (head.Status, head.Header("Content-Type")));
        await raw.SendAsync("GET /healthz HTTP/1.1\r\nHost: edge\r\n\r\n");
        Assert.Equal("""{"status":"ok"}""", (await raw.ReceiveAsync()).Body);
        Assert.Equal(0, _server.Listeners.Stats!.Followers);
    }

    [Fact]
    public async Task A_revoked_key_ends_its_stream_within_seconds_and_no_other()
    {
        CreatedAccountKey key;
        using (var catalog = CatalogStore.Open(_server.DataPath, TimeProvider.System))
            key = catalog.AccountKeys.Create().Value;
        await AcceptedAsync(key.Plaintext);
        using var revoked = await OpenAsync(key.Plaintext);
        using var other = await OpenAsync();
        Assert.NotNull(await revoked.NextAsync());
        using (var catalog = CatalogStore.Open(_server.DataPath, TimeProvider.System))
            Assert.Equal(CatalogFault.None, catalog.AccountKeys.Revoke(key.Key.Id).Fault);
        var watch = Stopwatch.StartNew();
        while (await revoked.NextAsync() is not null)
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), "still followed 5 s after the revocation");
        Assert.NotNull(await other.NextAsync());
    }

    [Fact]
    public async Task A_stop_ends_every_stream_and_waits_for_none()
    {
        using var reading = await OpenAsync();
        using var idle = await OpenAsync();
        Assert.NotNull(await reading.NextAsync());
        var watch = Stopwatch.StartNew();
        await _server.Listeners.StopAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        foreach (var stream in new[] { reading, idle })
        {
            while (await stream.NextAsync() is not null)
                Assert.True(watch.Elapsed < Patience, "messages came after the stop");
        }
    }

    [Fact]
    public async Task Who_reads_slowly_gets_the_newest_message_and_none_of_those_between()
    {
        var (reader, handled) = Follow(_server.Listeners.Stats!);
        var first = await ReadAsync(reader, after: TimeSpan.FromSeconds(3.5));
        var second = await ReadAsync(reader);
        var third = await ReadAsync(reader);
        Assert.InRange(second - first, TimeSpan.FromSeconds(2.9), TimeSpan.FromSeconds(15));
        Assert.InRange(third - second, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(10));
        Assert.False(handled.IsCompleted);

        // A stop does not wait for the message that nobody reads now.
        var pending = await reader.ReadAsync(TestContext.Current.CancellationToken);
        reader.AdvanceTo(pending.Buffer.Start);
        _server.Listeners.Stats!.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => handled.WaitAsync(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken));
        Assert.Equal(0, _server.Listeners.Stats.Followers);
    }

    /// <summary>Follows through a connection that holds one message: another can be sent when that has been read.</summary>
    private (PipeReader Reader, Task Handled) Follow(StatsFeed feed)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = "GET", Headers = { Authorization = "Bearer " + _server.Account.Plaintext } });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature());
        features.Set<IHttpResponseBodyFeature>(new PipeBody(pipe.Writer));
        var context = new RequestContext();
        context.Reset(features);
        var handler = new StatsRoutes(_server.Gateway, feed).All.Single(route => route.Name == "/v1/stats/stream").HandlerOf("GET")!;
        return (pipe.Reader, handler(new AdminRequest(context, [])));
    }

    /// <summary>Reads the one message that there may be, and returns its time.</summary>
    private static async Task<DateTimeOffset> ReadAsync(PipeReader reader, TimeSpan after = default)
    {
        await Task.Delay(after, TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource(Patience);
        var read = await reader.ReadAsync(patience.Token);
        var text = Encoding.UTF8.GetString(read.Buffer);
        reader.AdvanceTo(read.Buffer.End);
        Assert.EndsWith("}\n\n", text, StringComparison.Ordinal);
        using var message = JsonDocument.Parse(text["data: ".Length..]);
        return message.RootElement.GetProperty("time").GetDateTimeOffset();
    }

    private async Task AcceptedAsync(string key)
    {
        for (var start = Stopwatch.GetTimestamp(); (await _server.SendAsync("GET", "/v1/stats", key: key)).Status != 200; await Task.Delay(20, TestContext.Current.CancellationToken))
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, "the new key did not count");
    }

    private async Task<Follower> OpenAsync(string? key = null)
    {
        var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_server.AdminUrl}/v1/stats/stream");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + (key ?? _server.Account.Plaintext));
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        return new Follower(client, response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), Encoding.UTF8));
    }

    private sealed class PipeBody(PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => throw new NotSupportedException();

        public PipeWriter Writer => writer;

        public Task CompleteAsync() => throw new NotSupportedException();

        public void DisableBuffering() => throw new NotSupportedException();

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    /// <summary>Somebody who follows.</summary>
    private sealed record Follower(HttpClient Client, HttpResponseMessage Response, StreamReader Reader) : IDisposable
    {
        /// <summary>The data of the next message; null when the stream has ended as it should.</summary>
        public async Task<string?> NextAsync()
        {
            using var patience = new CancellationTokenSource(Patience);
            if (await Reader.ReadLineAsync(patience.Token) is not { } line)
                return null;
            Assert.StartsWith("data: {", line, StringComparison.Ordinal);
            Assert.Equal("", await Reader.ReadLineAsync(patience.Token));
            return line["data: ".Length..];
        }

        public void Dispose()
        {
            Reader.Dispose();
            Response.Dispose();
            Client.Dispose();
        }
    }
}
