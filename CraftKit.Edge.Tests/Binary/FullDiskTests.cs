using System.Diagnostics;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>A full disk loses nothing that was acknowledged, and the service resumes by itself (docs/API.md, guarantee 5).</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private const string SmallJournal = ", \"journal\": { \"capacityBytes\": 1048576 }";
    private const int Padding = 1000;

    private readonly Told _told = new();
    private SmallDisk? _disk;
    private ServedFolder? _folder;

    private SmallDisk Disk => _disk!;

    private ServedFolder Folder => _folder!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
            await _folder.DisposeAsync();
        _disk?.Dispose();
    }

    [Fact]
    public async Task Events_are_taken_while_the_journal_has_room_then_refused_until_space_returns()
    {
        await ServeAsync(SmallJournal);
        using var client = Folder.Connect();
        var taken = await PostUntilRefusedAsync(client);
        Assert.True(taken > 300, $"only {taken} events of {Padding} bytes and more were taken by a journal of 1 MiB");

        // What is live is still told from what is not; nothing else is taken.
        for (var n = 0; n < taken; n += 50)
            Assert.True((await _told.PostAsync(client, DedupeScope.Number(n).ToLike()))!.IsDuplicate);
        var refused = DedupeScope.Number(taken);
        (await _told.PostAsync(client, refused, Padding))!.AssertUnavailable();
        await AssertNotReadyAsync(client);
        var start = Stopwatch.GetTimestamp();
        (await client.GetAsync("/v1/renders/r0/engagement"))!.AssertUnavailable();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(4));
        Assert.Equal(200, (await client.GetAsync("/healthz"))!.Status);

        Disk.Free();
        await AssertResumesAsync(client, refused);
        _told.AssertKept(await Folder.ExportAsync(), onlyTold: true);
        var stopped = await Folder.StopAsync();
        Assert.Contains("storage failed", stopped.Error, StringComparison.Ordinal);
        Assert.Contains("storage works again", stopped.Error, StringComparison.Ordinal);
        _told.AssertKept(await Folder.ExportAsync(), onlyTold: true);
    }

    [Fact]
    public async Task The_disk_may_fill_again_and_again()
    {
        await ServeAsync(SmallJournal);
        using var client = Folder.Connect();
        var next = 0;
        for (var round = 0; round < 4; round++)
        {
            Disk.Fill();
            next = await PostUntilRefusedAsync(client, next);
            Disk.Free();
            await AssertResumesAsync(client, DedupeScope.Number(next++));
        }

        _told.AssertKept(await Folder.ExportAsync(), onlyTold: true);
    }

    [Fact]
    public async Task A_kill_while_the_disk_is_full_loses_nothing()
    {
        await ServeAsync(SmallJournal);
        using (var client = Folder.Connect())
            await PostUntilRefusedAsync(client);
        await Folder.Server.KillAsync();
        Disk.Free();
        await Folder.StartAsync();
        using var again = Folder.Connect();
        foreach (var n in _told.Recorded.Where(n => n % 20 == 0).ToList())
            Assert.True((await _told.PostAsync(again, _told.ScopeOf(n).ToLike()))!.IsDuplicate);
        _told.AssertKept(await Folder.ExportAsync(), onlyTold: true);
    }

    [Fact]
    public async Task A_start_on_a_full_disk_fails_in_one_line_or_serves_and_loses_nothing()
    {
        await ServeAsync(SmallJournal);
        using (var client = Folder.Connect())
            await PostUntilRefusedAsync(client);
        await Folder.Server.KillAsync();
        foreach (var arguments in new string[][] { ["serve"], ["events", "export"] })
        {
            await using var process = EdgeProcess.Start(Folder.FolderPath, arguments);
            var announced = arguments.Length == 1 ? process.WaitForErrorAsync("events on http://") : Task.Delay(Timeout.Infinite);
            if (await Task.WhenAny(process.WaitAsync(), announced) is Task<EdgeResult> ended)
            {
                var result = await ended;
                Assert.True(result.ExitCode == 1, result.ToString());
                Assert.Matches("^craftkit-edge: .*events\\.db: .*full.*\n$", result.Error);
                await Assert.ThrowsAsync<TimeoutException>(() => process.WaitForErrorAsync("events on http://"));
            }
        }

        Disk.Free();
        _told.AssertKept(await Folder.ExportAsync(), onlyTold: true);
        await Folder.StartAsync();
        _told.AssertKept(await Folder.ExportAsync(), onlyTold: true);
    }

    [Fact]
    public async Task A_stop_while_the_disk_is_full_keeps_the_rest_for_the_next_start_and_says_so()
    {
        await ServeAsync(SmallJournal);
        using (var client = Folder.Connect())
            await PostUntilRefusedAsync(client);
        var start = Stopwatch.GetTimestamp();
        var result = await Folder.StopAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.DoesNotContain("everything is stored", result.Error, StringComparison.Ordinal);
        Assert.Contains("stays in the journal for the next start", result.Error, StringComparison.Ordinal);
        Disk.Free();
        _told.AssertKept(await Folder.ExportAsync(), onlyTold: true);
    }

    [Fact]
    public async Task With_durability_fsync_nothing_is_acknowledged_while_the_disk_is_full()
    {
        await ServeAsync(SmallJournal + ", \"durability\": \"fsync\"");
        using var client = Folder.Connect();
        Assert.True((await _told.PostAsync(client, DedupeScope.Number(0)))!.IsRecorded);
        Disk.Fill();
        var clients = Enumerable.Range(1, 20).Select(_ => Folder.Connect()).ToList();
        var answers = await Task.WhenAll(clients.Select((one, n) => one.PostAsync(DedupeScope.Number(n + 1), 1_000_000 + n, Padding)));
        Assert.All(answers, answer => answer!.AssertUnavailable());
        Assert.True((await _told.PostAsync(client, DedupeScope.Number(0).ToLike()))!.IsDuplicate);

        // A retry tells which of them were stored after all, and then each is there once.
        Disk.Free();
        await AssertReadyAsync(client);
        var again = await Task.WhenAll(clients.Select((one, n) => one.PostAsync(DedupeScope.Number(n + 1), 2_000_000 + n, Padding)));
        clients.ForEach(one => one.Dispose());
        var stored = await Folder.ExportAsync();
        for (var n = 0; n < 20; n++)
        {
            Assert.True(again[n]!.IsRecorded || again[n]!.IsDuplicate, again[n]!.ToString());
            Assert.Equal(again[n]!.IsRecorded ? 2_000_000 + n : 1_000_000 + n, Assert.Single(stored, one => one.Key == DedupeScope.Number(n + 1).Key).N);
        }
        Assert.Equal(21, stored.Count);
    }

    private static async Task AssertNotReadyAsync(EventClient client)
    {
        // The journal may be full before the writer has tried for the first time.
        Answer? answer;
        var start = Stopwatch.GetTimestamp();
        do
        {
            answer = await client.GetAsync("/readyz");
            Assert.Equal(503, answer!.Status);
            Assert.StartsWith("{\"ready\":false,\"reasons\":[", answer.Body, StringComparison.Ordinal);
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2), answer.Body);
        }
        while (!answer.Body.Contains("\"storage not writable\"", StringComparison.Ordinal));
    }

    private static async Task AssertReadyAsync(EventClient client)
    {
        var start = Stopwatch.GetTimestamp();
        while (await client.GetAsync("/readyz") is not { Status: 200 })
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10), "not ready 10 s after space returned");
            await Task.Delay(50);
        }
    }

    /// <summary>After space returned: ready, and what was refused is taken, without a restart.</summary>
    private async Task AssertResumesAsync(EventClient client, DedupeScope refused)
    {
        await AssertReadyAsync(client);
        Assert.True((await _told.PostAsync(client, refused, Padding))!.IsRecorded);
        Assert.True((await _told.PostAsync(client, refused.ToLike()))!.IsDuplicate);
    }

    /// <summary>Sends events on a full disk until one is refused.</summary>
    /// <returns>The number of the scope that was refused.</returns>
    private async Task<int> PostUntilRefusedAsync(EventClient client, int next = 0)
    {
        Disk.Fill();
        for (var first = next; ; next++)
        {
            var answer = await _told.PostAsync(client, DedupeScope.Number(next), Padding);
            if (answer is { IsRecorded: true } && next - first < 5000)
                continue;
            answer!.AssertUnavailable();
            return next;
        }
    }

    private async Task ServeAsync(string configuration)
    {
        _disk = SmallDisk.Tmpfs(mebibytes: 6);
        _folder = await ServedFolder.CreateAsync(configuration, Path.Combine(Disk.MountPath, "data"));
        await Folder.StartAsync();
    }
}
