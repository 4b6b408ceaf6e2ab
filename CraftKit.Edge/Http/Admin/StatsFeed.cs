using System.Buffers;
using System.Text.Json;
using CraftKit.Edge.Service;

namespace CraftKit.Edge.Http.Admin;

/// <summary>Looks at the counters once a second, and tells those who follow the figures: one message a second, written once for all of them.</summary>
/// <remarks>
/// A thread of its own: a timer would wake the timers' thread and the pool each second of a service that nobody asks anything. There is no queue. A
/// follower waits for the next message, and whoever is still sending when that comes has the one after it next.
/// </remarks>
internal sealed class StatsFeed : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly IEdgeGateway _gateway;
    private readonly ServerMeasures _server;
    private readonly CancellationTokenSource _ended = new();
    private readonly Thread _thread;
    private TaskCompletionSource<ReadOnlyMemory<byte>> _next = NewMessage();
    private int _followers;

    /// <summary>Starts looking.</summary>
    /// <param name="gateway">The service.</param>
    /// <param name="server">What the listeners measure.</param>
    public StatsFeed(IEdgeGateway gateway, ServerMeasures server)
    {
        _gateway = gateway;
        _server = server;
        Recent = new RecentTraffic(gateway.Events, server.DataRequests, (int)Route.Events, server.Lag);
        Ended = _ended.Token;
        _thread = new Thread(Run) { Name = "stats", IsBackground = true };
        _thread.Start();
    }

    /// <summary>What it has seen of the last seconds.</summary>
    public RecentTraffic Recent { get; }

    /// <summary>How many follow.</summary>
    public int Followers => Volatile.Read(ref _followers); // a number for who looks; nothing hangs on it

    /// <summary>Cancelled when there will be no message any more.</summary>
    public CancellationToken Ended { get; }

    /// <summary>The figures of this moment.</summary>
    public byte[] Read() => ApiJson.Write(this, static (json, feed) => json.Write(feed._gateway, feed._server.Time, feed.Recent));

    /// <summary>The figures of this moment as a message.</summary>
    public ReadOnlyMemory<byte> ReadMessage()
    {
        var message = new ArrayBufferWriter<byte>(4096);
        message.Write("data: "u8);
        using (var json = new Utf8JsonWriter(message, ApiJson.Options))
            json.Write(_gateway, _server.Time, Recent);
        message.Write("\n\n"u8);
        return message.WrittenMemory;
    }

    /// <summary>Has messages made while it lasts.</summary>
    public Following Follow()
    {
        // Full fence: whoever then waits for the next message has been counted before.
        Interlocked.Increment(ref _followers);
        return new Following(this);
    }

    /// <summary>Ends all that follow, now and from now on.</summary>
    public void Dispose()
    {
        if (Ended.IsCancellationRequested)
            return;
        _ended.Cancel();
        _thread.Join();
        _ended.Dispose();
    }

    private static TaskCompletionSource<ReadOnlyMemory<byte>> NewMessage() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Run()
    {
        var start = _server.Time.GetTimestamp();
        var ended = 0L;
        while (!Ended.WaitHandle.WaitOne(Until(start, ended + 1)))
        {
            var passed = (long)_server.Time.GetElapsedTime(start).TotalSeconds - ended;
            if (passed < 1)
                continue;
            ended += passed;
            Recent.EndSecond(passed);
            if (Followers == 0)
                continue;

            // Whoever asks from here on waits for the message of the next second. The exchange publishes the new object whole.
            Interlocked.Exchange(ref _next, NewMessage()).SetResult(ReadMessage());
        }

        Volatile.Read(ref _next).SetResult(default);
    }

    /// <summary>The time until a second ends, in the whole milliseconds that a wait knows.</summary>
    private TimeSpan Until(long start, long second)
    {
        var left = (second * Second) - _server.Time.GetElapsedTime(start);
        return left > TimeSpan.Zero ? left + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero;
    }

    /// <summary>Somebody who follows.</summary>
    internal readonly struct Following(StatsFeed feed) : IDisposable
    {
        /// <summary>The next message; an empty one when there will be none any more.</summary>
        public Task<ReadOnlyMemory<byte>> NextAsync() => Volatile.Read(ref feed._next).Task; // pairs with the exchange in Run

        public void Dispose() => Interlocked.Decrement(ref feed._followers);
    }
}
