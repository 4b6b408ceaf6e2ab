using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using CraftKit.Edge.Tests.Http;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>Connections that come and go in every way, and more of them than there are descriptors, over each transport: nothing leaks, nothing hangs,
/// nobody else notices.</summary>
[Collection(Undisturbed.Name)]
public sealed class ConnectionStormTests(ITestOutputHelper output)
{
    private const int Clients = 12;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(6);

    private readonly Told _told = new();
    private long _scope;
    private int _connections;

    [Theory]
    [InlineData("epoll")]
    [InlineData("sockets")]
    public async Task Connections_that_break_off_in_every_way_leak_nothing_and_disturb_nobody(string transport)
    {
        await using var folder = await ServedFolder.CreateAsync($", \"transport\": \"{transport}\"");
        var server = await folder.StartAsync();
        using var steady = folder.Connect();
        Assert.True((await PostAsync(steady))!.IsRecorded);
        var before = Sockets(server.Id);

        using var end = new CancellationTokenSource(Duration);
        var storm = Enumerable.Range(0, Clients).Select(seed => Task.Run(() => StormAsync(folder, new Random(seed), transport == "epoll", end.Token))).ToArray();
        while (!end.IsCancellationRequested)
        {
            // One connection all the time; who cut it would be noticed by the null.
            var answer = await PostAsync(steady);
            Assert.True(answer is { IsRecorded: true }, $"the steady client was told {answer?.ToString() ?? "nothing"}");
        }
        await Task.WhenAll(storm);
        output.WriteLine($"{transport}: {_connections} connections, {_told.RecordedCount} events recorded, {_told.UnansweredCount} unanswered");

        Assert.True(_connections > 500, $"only {_connections} connections were made");
        await UntilAsync(() => Sockets(server.Id) <= before, () => $"{Sockets(server.Id)} sockets after the storm, {before} before it");
        Assert.True((await PostAsync(steady))!.IsRecorded);
        var stopped = await folder.StopAsync();
        Assert.DoesNotContain("failed", stopped.Error, StringComparison.Ordinal);
        _told.AssertKept(await folder.ExportAsync());
    }

    [Fact]
    public async Task When_descriptors_run_out_who_is_connected_is_served_and_who_waits_comes_in_later()
    {
        const int Waiting = 300;
        await using var folder = await ServedFolder.CreateAsync(", \"transport\": \"epoll\"");

        // A managed runtime opens its assemblies when it needs them, and dies where it has no descriptor left for one: there all of the clients come in.
        var runsOut = EdgeProcess.IsBinary;
        var server = await folder.StartAsync(under: ["sh", "-c", $"ulimit -n {(runsOut ? 240 : 2000)}; exec \"$0\" \"$@\""]);
        using var steady = folder.Connect();
        Assert.True((await PostAsync(steady))!.IsRecorded);

        var waiting = new List<RawConnection>();
        for (var i = 0; i < Waiting; i++)
        {
            // The system completes the connection, accepted or not.
            waiting.Add(await RawConnection.ConnectAsync(folder.EndPoint));
            await waiting[^1].SendAsync("GET /healthz HTTP/1.1\r\nHost: edge\r\n\r\n");
        }

        if (runsOut)
            await server.WaitForErrorAsync("cannot be accepted");
        var (cpu, clock) = (Cpu(server.Id), Stopwatch.StartNew());
        for (var i = 0; i < 20; i++)
        {
            Assert.True((await PostAsync(steady))!.IsRecorded);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        var share = (Cpu(server.Id) - cpu) / clock.Elapsed.TotalSeconds;
        Assert.True(share < 0.5, $"it used {share:P0} of a processor while connections waited for descriptors");

        // Those who are in leave, so the others come in, and all were answered in the end.
        for (var i = 0; i < Waiting; i++)
        {
            Assert.Equal(200, (await waiting[i].ReceiveAsync()).Status);
            await waiting[i].DisposeAsync();
        }
        using (var late = folder.Connect())
            Assert.True((await PostAsync(late))!.IsRecorded);
        var stopped = await folder.StopAsync();
        Assert.Equal(runsOut ? 1 : 0, stopped.Error.Split('\n').Count(line => line.Contains("cannot be accepted", StringComparison.Ordinal)));
        _told.AssertKept(await folder.ExportAsync(), onlyTold: true);
    }

    private static int Sockets(int process) => Directory.GetFiles($"/proc/{process}/fd").Count(IsSocket);

    private static bool IsSocket(string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false; // closed since it was listed
        }
    }

    private static double Cpu(int process)
    {
        using var of = Process.GetProcessById(process);
        return of.TotalProcessorTime.TotalSeconds;
    }

    private static async Task UntilAsync(Func<bool> holds, Func<string> otherwise)
    {
        for (var start = Stopwatch.GetTimestamp(); !holds(); await Task.Delay(50, TestContext.Current.CancellationToken))
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20), otherwise());
    }

    private Task<Answer?> PostAsync(EventClient client) => _told.PostAsync(client, DedupeScope.Number(Interlocked.Increment(ref _scope)));

    private async Task StormAsync(ServedFolder folder, Random random, bool answersTheHalfClosed, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            Interlocked.Increment(ref _connections);
            if (random.Next(4) == 0)
            {
                using var client = folder.Connect();
                for (var requests = random.Next(1, 4); requests > 0; requests--)
                    Assert.True((await PostAsync(client))!.IsRecorded);
                continue;
            }

            await using var connection = await RawConnection.ConnectAsync(folder.EndPoint);
            await BreakOffAsync(connection, folder.ApiKey, random, answersTheHalfClosed);
        }
    }

    /// <summary>One connection and the way in which it ends.</summary>
    private static async Task BreakOffAsync(RawConnection connection, string apiKey, Random random, bool answersTheHalfClosed)
    {
        var request = Encoding.ASCII.GetBytes($"GET /v1/renders/r{random.Next(40).ToString(CultureInfo.InvariantCulture)}/engagement HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {apiKey}\r\n\r\n");
        switch (random.Next(7))
        {
            case 0: // says nothing
                break;
            case 1: // in the middle of a request, with a reset
                await connection.SendAsync(request.AsMemory(0, random.Next(1, request.Length)));
                connection.Socket.LingerState = new LingerOption(true, 0);
                break;
            case 2: // no more requests, but the answers are awaited
                await connection.SendAsync(request);
                connection.Socket.Shutdown(SocketShutdown.Send);

                // The platform's sockets take it for gone.
                if (answersTheHalfClosed)
                    Assert.Equal(200, (await connection.ReceiveAsync()).Status);
                while (!await connection.EndsAsync())
                    await connection.ReceiveAsync();
                break;
            case 3: // many requests at once, all answered
                var many = Enumerable.Repeat(request, 20).SelectMany(one => one).ToArray();
                await connection.SendAsync(many);
                for (var i = 0; i < 20; i++)
                    Assert.Equal(200, (await connection.ReceiveAsync()).Status);
                break;
            case 4: // many requests and no ear for the answers
                for (var i = 0; i < 50; i++)
                    await connection.SendAsync(request);
                connection.Socket.LingerState = new LingerOption(true, 0);
                break;
            case 5: // in pieces
                for (var (sent, piece) = (0, 0); sent < request.Length; sent += piece)
                {
                    piece = Math.Min(random.Next(1, 60), request.Length - sent);
                    await connection.SendAsync(request.AsMemory(sent, piece));
                    await Task.Yield();
                }
                Assert.Equal(200, (await connection.ReceiveAsync()).Status);
                break;
            default: // nonsense
                var noise = new byte[random.Next(1, 2000)];
                random.NextBytes(noise);
                await connection.SendAsync(noise);
                break;
        }
    }
}
