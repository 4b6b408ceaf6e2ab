using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CraftKit.Edge.Bench.EndToEnd.Servers;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>A closed loop on one thread of this process: for each request one send and one receive, and a wait for as many sockets as have
/// something. It looks at the end of every answer, and it waits for the last ones, so it knows what was recorded to the last event.</summary>
/// <remarks>http only. An answer is taken for whole by its length and its last bytes; what does not look like one of the two is read as HTTP.</remarks>
internal sealed unsafe class SocketClient : ILoadClient
{
    private const int BufferBytes = 16 * 1024;
    private const int MostEvents = 512;

    public string Name => "own sockets, one thread";

    public LoadResult Run(Server server, RequestFile requests, int connections, TimeSpan time)
    {
        if (server.Url.Scheme != Uri.UriSchemeHttp)
            throw new InvalidOperationException("Own sockets speak http only; https needs wrk.");
        var all = NativeMemory.Alloc((nuint)requests.Count, (nuint)requests.Template.Length);
        var epoll = Epoll.Create();
        var open = new List<LoadConnection>();
        try
        {
            using (var file = File.OpenRead(requests.Path))
                ReadAll(file, (byte*)all, (long)requests.Count * requests.Template.Length);
            for (var number = 0; number < connections; number++)
            {
                open.Add(new LoadConnection(server.Url));
                Epoll.Watch(epoll, open[number].Socket, number);
            }

            return Loop(epoll, [.. open], new RequestQueue((byte*)all, requests.Count, requests.Template.Length), server.Answers, time);
        }
        finally
        {
            open.ForEach(connection => connection.Dispose());
            Epoll.Close(epoll);
            NativeMemory.Free(all);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static LoadResult Loop(int epoll, LoadConnection[] connections, RequestQueue queue, AnswerLengths lengths, TimeSpan time)
    {
        var latencies = new LatencyHistogram();
        var events = stackalloc byte[Epoll.BytesFor(MostEvents)];
        var buffer = stackalloc byte[BufferBytes];
        long recorded = 0, refused = 0;
        var before = CpuUsage.OfThisThread();
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var now = start;
        var underWay = 0;
        foreach (var connection in connections)
        {
            queue.SendNext(connection, now);
            underWay++;
        }

        while (underWay > 0)
        {
            var ready = Epoll.Wait(epoll, events, MostEvents, 1000);
            now = Stopwatch.GetTimestamp();
            if (now > end + (30 * Stopwatch.Frequency))
                throw new InvalidOperationException($"{underWay} requests were not answered within 30 s.");
            for (var i = 0; i < ready; i++)
            {
                var connection = connections[Epoll.NumberOf(events, i)];
                var answer = connection.Read(buffer, BufferBytes, lengths);
                if (answer == LoadAnswer.NotYet)
                    continue;
                now = Stopwatch.GetTimestamp();
                latencies.Add((long)((now - connection.SentAt) * (1e9 / Stopwatch.Frequency)));
                recorded += answer == LoadAnswer.Recorded ? 1 : 0;
                refused += answer == LoadAnswer.Refused ? 1 : 0;
                if (now < end)
                    queue.SendNext(connection, now);
                else
                    underWay--;
            }
        }

        var used = CpuUsage.OfThisThread() - before;

        // The last answers came after the time was over; so the time is what it took to get all of them.
        return new LoadResult
        {
            Seconds = (now - start) / (double)Stopwatch.Frequency,
            Sent = queue.Sent,
            Answered = latencies.Count - refused,
            Recorded = recorded,
            Refused = refused,
            ClientSeconds = used.Seconds,
            ClientSleeps = used.Sleeps,
            P50 = latencies.Quantile(0.5) / 1000,
            P99 = latencies.Quantile(0.99) / 1000,
            P999 = latencies.Quantile(0.999) / 1000,
        };
    }

    private static void ReadAll(FileStream file, byte* destination, long length)
    {
        for (long at = 0; at < length;)
        {
            var read = file.Read(new Span<byte>(destination + at, (int)Math.Min(length - at, 1 << 20)));
            at += read > 0 ? read : throw new InvalidOperationException($"{file.Name} is too short.");
        }
    }
}
