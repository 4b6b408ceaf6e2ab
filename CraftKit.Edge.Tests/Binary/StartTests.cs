using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>Who may serve a folder, when the port opens, and what a start that cannot be says.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_second_serve_is_refused_at_once_in_one_line()
    {
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        var start = Stopwatch.GetTimestamp();
        var second = await folder.RunAsync("serve");
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(4));
        AssertOneLine(second, 1, $"craftkit-edge: {folder.DataPath}: another craftkit-edge is serving this data folder; stop it first or name another folder with --data");
        using var client = folder.Connect();
        Assert.True((await client.PostAsync(DedupeScope.Number(1), 1))!.IsRecorded);
    }

    [Fact]
    public async Task Of_many_serves_at_once_exactly_one_serves()
    {
        await using var folder = await ServedFolder.CreateAsync();
        var processes = Enumerable.Range(0, 4).Select(_ => EdgeProcess.Start(folder.FolderPath, ["serve"])).ToList();
        try
        {
            // The winner's lock may be met in the instant before it has written its role; then the others wait for a while before they know.
            var ends = processes.ConvertAll(process => process.WaitAsync());
            for (var ended = 0; ended < 3; ended++)
                AssertOneLine(await TakeFirstAsync(ends), 1, $"craftkit-edge: {folder.DataPath}: another craftkit-edge is serving this data folder; stop it first or name another folder with --data");
            var winner = Assert.Single(processes, process => !process.HasExited);
            await winner.WaitForErrorAsync("events on ");
            await winner.KillAsync();
            await Assert.Single(ends);
        }
        finally
        {
            foreach (var process in processes)
                await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_serve_that_meets_a_command_waits_for_it()
    {
        using var logs = new TemporaryFolder();
        await using var folder = await ServedFolder.CreateAsync();
        await using var command = EdgeProcess.Start(
            folder.FolderPath, ["check"], under: Strace.DelayOpening(logs, folder.DataFile("catalog.db"), TimeSpan.FromSeconds(3)));
        await command.WaitForOutputAsync("data folder: ");
        var starting = folder.StartAsync();
        await Task.Delay(1500);
        Assert.False(starting.IsCompleted);
        Assert.False(command.HasExited);
        await starting;
        Assert.Equal(0, (await command.WaitAsync()).ExitCode);
        using var client = folder.Connect();
        Assert.True((await client.PostAsync(DedupeScope.Number(1), 1))!.IsRecorded);
    }

    [Fact]
    public async Task A_serve_that_meets_a_command_for_ten_seconds_gives_up_in_one_line()
    {
        using var logs = new TemporaryFolder();
        await using var folder = await ServedFolder.CreateAsync();
        await using var command = EdgeProcess.Start(
            folder.FolderPath, ["check"], under: Strace.DelayOpening(logs, folder.DataFile("catalog.db"), TimeSpan.FromSeconds(25)));
        await command.WaitForOutputAsync("data folder: ");
        var start = Stopwatch.GetTimestamp();
        AssertOneLine(await folder.RunAsync("serve"), 1, $"craftkit-edge: {folder.DataPath}: another command holds this data folder; try again when it has ended");
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(9.5), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_taken_port_is_told_in_one_line()
    {
        await using var folder = await ServedFolder.CreateAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        AssertOneLine(
            await folder.RunAsync("serve", "--url", $"http://{taken.LocalEndpoint}"),
            1,
            $"craftkit-edge: http://{taken.LocalEndpoint}: cannot listen: the port is in use; stop the process that has it or choose another port");
        await folder.StartAsync();
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_told_in_one_line()
    {
        await using var folder = await ServedFolder.CreateAsync();
        var file = Path.Combine(folder.FolderPath, "file");
        File.WriteAllText(file, "kept");
        foreach (var command in new[] { "serve", "check --json", "events export", "project list" })
            AssertOneLine(await folder.RunAsync([.. command.Split(' '), "--data", file]), 1, $"craftkit-edge: {file}: is a file; the data folder must be a folder");
        Assert.Equal("kept", File.ReadAllText(file));
    }

    [Fact]
    public async Task A_data_folder_of_somebody_else_is_told_in_one_line()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can become somebody else");
        await using var folder = await ServedFolder.CreateAsync();
        foreach (var command in new[] { "serve", "check", "events export", "project list" })
        {
            var result = await EdgeProcess.RunAsync(
                "/", [.. command.Split(' '), "--data", folder.DataPath, "--config", "/dev/null"],
                new Dictionary<string, string> { ["HOME"] = "/tmp", ["DOTNET_EnableDiagnostics"] = "0" },
                under: ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]);
            Assert.True(result.ExitCode is 1 or 2, result.ToString());
            Assert.Matches("^craftkit-edge: [^\n]+\n$", result.Error);
            Assert.DoesNotContain("unexpected", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_port_opens_only_when_the_window_is_whole()
    {
        var told = new Told();
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        var load = new EventLoad(told, seed: 1);
        using (var end = new CancellationTokenSource())
        {
            var running = load.RunAsync(() => folder.Connect(), end.Token);
            while (load.Sent < 5000)
                await Task.Delay(10);
            await end.CancelAsync();
            await running;
        }
        var recorded = told.Recorded.Order().ToList();
        var endPoint = folder.EndPoint;
        for (var round = 0; round < 6; round++)
        {
            if (round % 2 == 0)
                await folder.Server.KillAsync();
            else
                await folder.StopAsync();
            var scope = told.ScopeOf(recorded[round % 3 == 0 ? 0 : recorded.Count * round / 6]);
            var asking = Task.Run(async () =>
            {
                using var client = new EventClient(endPoint, folder.ApiKey);
                while (true)
                {
                    if (await told.PostAsync(client, scope) is { } answer)
                        return answer;
                }
            });
            await folder.StartAsync(arguments: ["--url", $"http://{endPoint}"]);
            var first = await asking;
            Assert.True(first.IsDuplicate, $"round {round}: {first}");
        }
        told.AssertKept(await folder.ExportAsync());
    }

    /// <summary>An error is exactly one line on standard error.</summary>
    internal static void AssertOneLine(EdgeResult result, int exitCode, string line) =>
        Assert.Equal((exitCode, "", line + "\n"), (result.ExitCode, result.Output, result.Error));

    private static async Task<EdgeResult> TakeFirstAsync(List<Task<EdgeResult>> ends)
    {
        var first = await Task.WhenAny(ends);
        ends.Remove(first);
        return await first;
    }
}
