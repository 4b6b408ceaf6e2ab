using System.Net.Sockets;
using CraftKit.Edge.Http.Bulk;
using CraftKit.Edge.Service;
using Xunit;
using static CraftKit.Edge.Tests.Http.Bulk.BulkRequests;

namespace CraftKit.Edge.Tests.Http.Bulk;

/// <summary>POST /v1/events as a stream: clients that are slow, that leave, that do not read, and a service that is slow or fails.</summary>
public sealed class BulkStreamTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task What_is_decided_is_answered_before_the_body_has_ended()
    {
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync(ChunkedHead());
        for (var n = 1; n <= 5; n++)
        {
            await connection.SendAsync(Chunk(Item(n) + "\n"));
            await connection.ReceiveUntilAsync("{\"results\":[" + Recorded);
            for (var look = 0; look < 500 && _server.Gateway.Recorded.Count != n; look++)
                await Task.Delay(20, Cancellation);
            Assert.Equal(n, _server.Gateway.Recorded.Count);
        }

        await connection.SendAsync(Chunk(""));
        Assert.Equal(Enumerable.Repeat(Recorded, 5), ResultsOf(await connection.ReceiveAsync()));
    }

    [Fact]
    public async Task A_body_may_arrive_byte_by_byte()
    {
        await using var connection = await _server.ConnectAsync();
        foreach (var one in Post(Array([Item(1), "nonsense", Item(2)])))
            await connection.SendAsync(new[] { one });

        Assert.Equal([Recorded, InvalidJson, Recorded], ResultsOf(await connection.ReceiveAsync()));
    }

    [Fact]
    public async Task Pipelined_requests_of_both_kinds_are_answered_in_order()
    {
        await using var connection = await _server.ConnectAsync();
        var requests = Enumerable.Range(0, 30).SelectMany(n => n % 3 == 2 ? Requests.Event(Requests.Viewed) : Post(Lines(Enumerable.Repeat(Item(n), n)))).ToArray();
        var sending = connection.SendAsync(requests);

        for (var n = 0; n < 30; n++)
        {
            var response = await connection.ReceiveAsync();
            if (n % 3 == 2)
                Assert.Equal(Recorded, response.Body);
            else
                Assert.Equal(n, ResultsOf(response).Count);
        }

        await sending;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_is_no_error_and_harms_nobody(bool isReset)
    {
        for (var i = 0; i < 20; i++)
        {
            await using var connection = await _server.ConnectAsync();
            await connection.SendAsync(Head(100_000));
            await connection.SendAsync(Lines(Enumerable.Range(0, i * 20).Select(n => Item(n))) + "{\"renderId\"");
            if (i % 3 == 0)
                await connection.ReceiveUntilAsync(i == 0 ? "" : Recorded);
            connection.Socket.LingerState = new LingerOption(isReset, 0);
        }

        Assert.Equal([Recorded], ResultsOf(await _server.PostBulkAsync(Item(1))));
        await Task.Delay(200, Cancellation);
        Assert.True(!_server.Log.Warnings.Any(), string.Join('\n', _server.Log.Warnings));
    }

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("-1\r\n")]
    public async Task A_body_that_is_badly_chunked_ends_what_results_there_are(string chunk)
    {
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync(ChunkedHead());
        await connection.SendAsync(Chunk(Item(1) + "\n"));
        await connection.ReceiveUntilAsync(Recorded);
        await connection.SendAsync(chunk);

        var results = ResultsOf(await connection.ReceiveAsync());
        Assert.Equal(2, results.Count);
        Assert.StartsWith("""{"error":{"code":"bad_request",""", results[1], StringComparison.Ordinal);

        await using var other = await _server.ConnectAsync();
        await other.SendAsync(ChunkedHead());
        await other.SendAsync(chunk);
        Assert.Equal(400, (await other.ReceiveAsync()).Status);
        Assert.Empty(_server.Log.Warnings);
    }

    [Fact]
    public async Task A_body_that_trickles_ends_its_results_with_a_timeout()
    {
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync(Head(100_000));
        await connection.SendAsync(Item(1) + "\n");

        var results = ResultsOf(await connection.ReceiveAsync());
        Assert.Equal(2, results.Count);
        Assert.StartsWith("""{"error":{"code":"request_timeout",""", results[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_that_wait_for_a_commit_wait_and_errors_before_them_too()
    {
        var commit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Gateway.Commit = () => new ValueTask(commit.Task);
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync(ChunkedHead());
        await connection.SendAsync(Chunk(Lines(["nope", Item(1)])));
        var receiving = connection.ReceiveUntilAsync("HTTP/1.1");
        while (_server.Gateway.Recorded.IsEmpty)
            await Task.Delay(1, Cancellation);
        Assert.NotSame(receiving, await Task.WhenAny(receiving, Task.Delay(100, Cancellation)));

        // Others go on meanwhile.
        _server.Gateway.Commit = static () => ValueTask.CompletedTask;
        Assert.Equal([Recorded], ResultsOf(await _server.PostBulkAsync(Item(2))));
        commit.SetResult();
        await receiving;
        await connection.SendAsync(Chunk(""));
        Assert.Equal([InvalidJson, Recorded], ResultsOf(await connection.ReceiveAsync()));
    }

    [Fact]
    public async Task A_commit_that_failed_takes_back_the_answers_that_waited_for_it_alone()
    {
        _server.Gateway.Commit = static () => ValueTask.FromException(new IOException("no space left on device"));

        var results = ResultsOf(await _server.PostBulkAsync(Lines([Item(1), "nope", """{"renderId":"unknown","eventType":"viewed"}"""])));

        Assert.Equal(["queue_unavailable", "invalid_json", "not_found"], results.Select(result => result.Split('"')[5]));
        Assert.Contains("no space left", Assert.Single(_server.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_before_any_answer_gets_500_and_a_later_one_ends_the_results()
    {
        _server.Gateway.Failure = new InvalidOperationException("the secret cause");
        Assert.Equal("internal", (await _server.PostBulkAsync(Item(1))).Code);

        var results = ResultsOf(await _server.PostBulkAsync(Lines(["nope", Item(1), Item(2)])));
        Assert.Equal(2, results.Count);
        Assert.StartsWith("""{"error":{"code":"internal",""", results[1], StringComparison.Ordinal);
        Assert.DoesNotContain(results, result => result.Contains("secret", StringComparison.Ordinal));
        Assert.Equal(2, _server.Log.Warnings.Count(line => line.Contains("the secret cause", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_load_waits_for_a_writer_that_is_behind_and_sends_what_it_has_before()
    {
        var caughtUp = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync(ChunkedHead());
        await connection.SendAsync(Chunk(Item(1) + "\n"));
        await connection.ReceiveUntilAsync(Recorded);
        _server.Gateway.CatchUp = () => new ValueTask<bool>(caughtUp.Task);
        await connection.SendAsync(Chunk(Lines(Enumerable.Range(2, 500).Select(n => Item(n)))));
        while (_server.Gateway.CatchUps == 0)
            await Task.Delay(1, Cancellation);
        await Task.Delay(50, Cancellation);
        Assert.Single(_server.Gateway.Recorded);
        Assert.Equal(200, (await _server.PostEventAsync(Requests.Viewed)).Status);

        _server.Gateway.CatchUp = null;
        caughtUp.SetResult(true);
        await connection.SendAsync(Chunk(""));
        Assert.Equal(501, ResultsOf(await connection.ReceiveAsync()).Count);
    }

    [Fact]
    public async Task A_writer_that_gets_nowhere_is_waited_for_once_a_request()
    {
        _server.Gateway.CatchUp = static () => new ValueTask<bool>(false);
        _server.Gateway.Status = RecordStatus.Unavailable;

        var results = ResultsOf(await _server.PostBulkAsync(Lines(Enumerable.Range(0, 1_000).Select(n => Item(n)))));

        Assert.Equal(1_000, results.Count);
        Assert.All(results, result => Assert.Contains("queue_unavailable", result, StringComparison.Ordinal));
        Assert.Equal(1, _server.Gateway.CatchUps);
    }

    [Fact]
    public async Task Several_loads_take_turns()
    {
        // The second is sent when the first is known to be under way, and is much the shorter: it has to end first.
        var items = Lines(Enumerable.Range(0, BulkEndpoint.MaxItems).Select(n => Item(n)));
        for (var attempt = 0; ; attempt++)
        {
            var first = _server.PostBulkAsync(items);
            var before = _server.Gateway.Recorded.Count;
            while (_server.Gateway.Recorded.Count == before)
                await Task.Delay(1, Cancellation);
            var second = await _server.PostBulkAsync(Item(0));
            var isOvertaken = !first.IsCompleted;
            Assert.Single(ResultsOf(second));
            Assert.Equal(BulkEndpoint.MaxItems, ResultsOf(await first).Count);
            if (isOvertaken)
                return;
            Assert.True(attempt < 20, "a short load always waited for a long one");
        }
    }

    [Fact]
    public async Task Nothing_is_decided_on_a_socket_thread()
    {
        await _server.PostEventAsync(Requests.Viewed);
        var socketThread = _server.Gateway.RecordThread;
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync(ChunkedHead());
        for (var n = 0; n < 10; n++)
        {
            await connection.SendAsync(Chunk(Item(n) + "\n"));
            await connection.ReceiveUntilAsync(n == 0 ? Recorded : "," + Recorded);
            Assert.Equal("bulk worker", _server.Gateway.RecordThread);
        }

        Assert.NotEqual("bulk worker", socketThread);
    }

    [Fact]
    public async Task A_server_that_is_stopped_records_nothing_more()
    {
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync(ChunkedHead());
        await connection.SendAsync(Chunk(Item(1) + "\n"));
        await connection.ReceiveUntilAsync(Recorded);
        var never = new TaskCompletionSource<bool>();
        _server.Gateway.CatchUp = () => new ValueTask<bool>(never.Task);
        await connection.SendAsync(Chunk(Lines(Enumerable.Range(2, 100).Select(n => Item(n)))));
        while (_server.Gateway.CatchUps == 0)
            await Task.Delay(1, Cancellation);

        await _server.Server.StopAsync(TimeSpan.Zero).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        never.SetResult(true);
        await Task.Delay(100, Cancellation);

        Assert.Single(_server.Gateway.Recorded);
    }
}
