using System.Diagnostics;
using System.Net.Sockets;
using CraftKit.Edge.Tests.Http;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>SIGTERM and SIGINT: what is in flight is answered, what is acknowledged is stored, the exit code is 0 (docs/API.md, guarantee 6).</summary>
public sealed class StopTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_stop_under_load_drains_everything_and_exits_with_0(string signal)
    {
        var told = new Told();
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        var load = new EventLoad(told, seed: 1);
        var running = load.RunAsync(() => folder.Connect(), CancellationToken.None);
        while (load.Sent < 2000)
            await Task.Delay(10);
        var start = Stopwatch.GetTimestamp();
        var result = await folder.StopAsync(signal);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await running;
        Assert.Contains("stopped, everything is stored", result.Error, StringComparison.Ordinal);

        // Nothing is left for the next start: the folder tells it without draining.
        Assert.Contains("events.journal: 67,112,960 bytes, 0 events not stored yet", await folder.OkAsync("check"), StringComparison.Ordinal);
        told.AssertKept(await folder.ExportAsync());
    }

    [Fact]
    public async Task A_request_in_flight_is_answered_and_new_connections_are_not()
    {
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        await using var inFlight = await RawConnection.ConnectAsync(folder.EndPoint);
        await using var idle = await RawConnection.ConnectAsync(folder.EndPoint);
        await idle.SendAsync("GET /healthz HTTP/1.1\r\nHost: edge\r\n\r\n");
        Assert.Equal(200, (await idle.ReceiveAsync()).Status);
        const string Body = """{"eventType":"viewed","metadata":{"n":7}}""";
        await inFlight.SendAsync(
            $"POST /v1/renders/r0/events HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {folder.ApiKey}\r\nContent-Length: {Body.Length}\r\n\r\n{Body[..10]}");
        using (var client = folder.Connect())
            Assert.Equal(200, (await client.GetAsync("/readyz"))!.Status);

        folder.Server.Signal("TERM");
        await folder.Server.WaitForErrorAsync("stopping");
        Assert.True(await idle.EndsAsync());
        await AssertRefusedAsync(folder);
        await inFlight.SendAsync(Body[10..]);
        var answer = await inFlight.ReceiveAsync();
        Assert.Equal("""{"recorded":true}""", answer.Body);
        var result = await folder.Server.WaitAsync();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(7, Assert.Single(await folder.ExportAsync()).N);
    }

    [Fact]
    public async Task A_request_that_never_ends_does_not_hold_a_stop_up_for_long()
    {
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        await using var stuck = await RawConnection.ConnectAsync(folder.EndPoint);
        await stuck.SendAsync($"POST /v1/renders/r0/events HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {folder.ApiKey}\r\nContent-Length: 50\r\n\r\n{{");
        using (var client = folder.Connect())
            Assert.True((await client.PostAsync(DedupeScope.Number(1), 1))!.IsRecorded);
        var start = Stopwatch.GetTimestamp();
        await folder.StopAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(12));
        Assert.Equal(1, Assert.Single(await folder.ExportAsync()).N);
    }

    [Fact]
    public async Task Signals_that_come_again_and_again_change_nothing()
    {
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        await using var stuck = await RawConnection.ConnectAsync(folder.EndPoint);
        await stuck.SendAsync($"POST /v1/renders/r0/events HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {folder.ApiKey}\r\nContent-Length: 50\r\n\r\n{{");
        using (var client = folder.Connect())
            Assert.True((await client.PostAsync(DedupeScope.Number(1), 1))!.IsRecorded);
        foreach (var signal in new[] { "TERM", "INT", "TERM" })
        {
            folder.Server.Signal(signal);
            await Task.Delay(100);
        }
        var result = await folder.Server.WaitAsync();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Single(await folder.ExportAsync());
    }

    [Fact]
    public async Task A_stop_while_serve_waits_for_a_command_is_clean_too()
    {
        using var logs = new TemporaryFolder();
        await using var folder = await ServedFolder.CreateAsync();
        await using var command = EdgeProcess.Start(
            folder.FolderPath, ["check"], under: Strace.DelayOpening(logs, folder.DataFile("catalog.db"), TimeSpan.FromSeconds(5)));
        await command.WaitForOutputAsync("data folder: ");
        await using var waiting = EdgeProcess.Start(folder.FolderPath, ["serve"]);
        await Task.Delay(1500);
        Assert.False(waiting.HasExited, waiting.Error);
        waiting.Signal("TERM");
        var result = await waiting.WaitAsync();
        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
        Assert.Equal(0, (await command.WaitAsync()).ExitCode);
    }

    private static async Task AssertRefusedAsync(ServedFolder folder)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var refusal = await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(folder.EndPoint));
        Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
    }
}
