using System.Diagnostics;
using System.Net.Sockets;
using CraftKit.Edge.Bench.EndToEnd.Servers;
using CraftKit.Edge.Bench.Statistics;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>Sends at a fixed rate whatever the server does: every millisecond a few requests, one a connection. A latency counts from the moment at
/// which its request was due, so that a server that stalls is not spared the requests that had to wait meanwhile.</summary>
internal static class PacedClient
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <summary>Runs on the calling thread.</summary>
    /// <param name="server">Who is asked.</param>
    /// <param name="template">How a request is written.</param>
    /// <param name="traffic">Which events.</param>
    /// <param name="connections">The most requests at once.</param>
    /// <param name="rate">Requests a second, at most a thousand times the connections.</param>
    /// <param name="time">How long.</param>
    /// <returns>The latencies.</returns>
    /// <exception cref="InvalidOperationException">An answer was not 200.</exception>
    public static LatencyHistogram Run(Server server, RequestTemplate template, Traffic traffic, int connections, double rate, TimeSpan time)
    {
        var ticks = (int)(time / Tick);
        var each = (int)Math.Clamp(rate * Tick.TotalSeconds, 1, connections);
        var numbers = traffic.Next(ticks * each, out _);
        var requests = new byte[each * template.Length];
        var buffer = new byte[4096];
        var sockets = Enumerable.Range(0, each).Select(_ => Connect(server)).ToArray();
        var latencies = new LatencyHistogram();
        var clock = Stopwatch.StartNew();
        for (var tick = 0; tick < ticks; tick++)
        {
            for (var i = 0; i < each; i++)
                template.Write(requests.AsSpan(i * template.Length), numbers[((tick * each) + i) % numbers.Length]);
            var due = tick * Tick;

            // Sleeps, and does not spin: who never leaves his processor has the server wait for it wherever the two meet on one.
            while (due - clock.Elapsed is var left && left > TimeSpan.Zero)
                BackgroundThread.Pause(left);

            for (var i = 0; i < each; i++)
                sockets[i].Send(requests.AsSpan(i * template.Length, template.Length));
            foreach (var socket in sockets)
            {
                var count = socket.Receive(buffer);
                if (!buffer.AsSpan(0, count).StartsWith("HTTP/1.1 200 "u8))
                    throw new InvalidOperationException("An event was not taken while the server was loaded at a part of what it can take.");
                latencies.Add((clock.Elapsed - due).Ticks * TimeSpan.NanosecondsPerTick);
            }
        }

        foreach (var socket in sockets)
            socket.Dispose();
        return latencies;
    }

    private static Socket Connect(Server server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server.Url.Host, server.Url.Port);
        return socket;
    }
}
