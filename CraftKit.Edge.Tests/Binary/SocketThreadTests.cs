using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CraftKit.Edge.Tests.Http;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>The event route waits for nobody: not for slow readers, not for exports, not for the disk (docs/ARCHITECTURE.md).</summary>
[Collection(Undisturbed.Name)]
public sealed class SocketThreadTests(ITestOutputHelper output)
{
    private readonly Told _told = new();
    private long _scope;

    [Fact]
    public async Task Slow_readers_and_exports_do_not_hold_events_up()
    {
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        await LoadAsync(folder, 3000);
        var (quiet, busy) = (new List<double>(), new List<double>());
        for (var round = 0; round < 3; round++)
        {
            quiet.Add((await MeasureAsync(folder, "undisturbed", () => Task.Delay(1500))).P99);
            busy.Add((await MeasureAsync(folder, "beside readers and exports", () => DisturbAsync(folder, TimeSpan.FromSeconds(2.5)))).P99);
        }

        // The processes compete for the same few cores; a handler that waited for a reader or for SQLite would be beyond this by far.
        var limit = Math.Max(60, 20 * Middle(quiet));
        Assert.True(Middle(busy) < limit, $"p99 {Middle(busy):F1} ms beside readers and exports, {Middle(quiet):F1} ms undisturbed, {limit:F1} ms allowed");
        _told.AssertKept(await folder.ExportAsync(), onlyTold: true);
    }

    [Fact]
    public async Task An_admin_plane_that_is_busy_or_waits_does_not_hold_events_up()
    {
        await using var folder = await ServedFolder.CreateAsync();
        using var admin = await AdminClient.StartAsync(folder);
        await LoadAsync(folder, 1000);
        var (quiet, waiting, busy) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < 3; round++)
        {
            quiet.Add((await MeasureAsync(folder, "undisturbed", () => Task.Delay(1500))).P99);
            waiting.Add((await MeasureAsync(folder, "beside requests that wait for a lock", () => WaitAsync(folder, admin, round))).P99);
            busy.Add((await MeasureAsync(folder, "beside a bulk load", () => BulkAsync(admin, round))).P99);
        }

        var limit = Math.Max(60, 20 * Middle(quiet));
        Assert.True(Middle(waiting) < limit, $"p99 {Middle(waiting):F1} ms beside requests that wait, {limit:F1} ms allowed");
        Assert.True(Middle(busy) < limit, $"p99 {Middle(busy):F1} ms beside a bulk load, {limit:F1} ms allowed");
        _told.AssertKept(await folder.ExportAsync(), onlyTold: true);
    }

    [Fact]
    public async Task A_disk_that_stalls_for_two_seconds_does_not_hold_events_up()
    {
        using var disk = SmallDisk.Ext4(mebibytes: 256);
        await using var folder = await ServedFolder.CreateAsync(dataPath: Path.Combine(disk.MountPath, "data"));
        await folder.StartAsync();
        await LoadAsync(folder, 1000);
        var stalled = new List<double>();
        for (var round = 0; round < 3; round++)
        {
            await MeasureAsync(folder, "undisturbed", () => Task.Delay(1000));
            stalled.Add((await MeasureAsync(folder, "stalled disk", async () =>
            {
                var thawed = await disk.StallAsync(TimeSpan.FromSeconds(2));
                var start = Stopwatch.GetTimestamp();
                disk.WriteAndSync();
                Assert.True(Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(1), "the disk was not stalled");
                await thawed;
            })).P99);
        }
        Assert.True(Middle(stalled) < 100, $"p99 {Middle(stalled):F1} ms while the disk was stalled for 2 s");
        _told.AssertKept(await folder.ExportAsync(), onlyTold: true);
    }

    [Fact]
    public async Task A_frozen_file_system_loses_nothing_and_everything_is_answered_after_it()
    {
        // No promise about the time in between: the kernel lets no write through the journal's mapping pass while the file system is frozen.
        using var disk = SmallDisk.Ext4(mebibytes: 256);
        await using var folder = await ServedFolder.CreateAsync(dataPath: Path.Combine(disk.MountPath, "data"));
        await folder.StartAsync();
        await LoadAsync(folder, 200);
        for (var round = 0; round < 2; round++)
            await MeasureAsync(folder, "frozen file system", async () => await await disk.FreezeAsync(TimeSpan.FromSeconds(2)));
        var after = await MeasureAsync(folder, "after it", () => Task.Delay(1000));
        Assert.True(after.P99 < 100, after.ToString());
        await folder.Server.KillAsync();
        _told.AssertKept(await folder.ExportAsync(), onlyTold: true);
    }

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private async Task<Latencies> MeasureAsync(ServedFolder folder, string name, Func<Task> during)
    {
        var latencies = await Latencies.MeasureAsync(folder, _told, () => Interlocked.Increment(ref _scope), Task.Run(() => during()));
        output.WriteLine($"{name}: {latencies}");
        return latencies;
    }

    private async Task LoadAsync(ServedFolder folder, int events)
    {
        using var client = folder.Connect();
        for (var n = 0; n < events; n++)
            Assert.True((await _told.PostAsync(client, DedupeScope.Number(Interlocked.Increment(ref _scope)), padding: 500))!.IsRecorded);
    }

    /// <summary>A hundred changes that wait two seconds for another process, while others read.</summary>
    private static async Task WaitAsync(ServedFolder folder, AdminClient admin, int round)
    {
        List<Task> changes;
        using (SqliteShell.LockForWriting(folder.DataFile("catalog.db")))
        {
            changes = [.. Enumerable.Range(0, 100).Select(n => admin.ExpectAsync(201, "PUT", $"/v1/projects/{ServedFolder.ProjectId}/renders/wait-{round}-{n}"))];
            var end = Task.Delay(2000);
            while (!end.IsCompleted)
                await admin.ExpectAsync(200, "GET", $"/v1/projects/{ServedFolder.ProjectId}/renders?limit=1000");
            Assert.DoesNotContain(changes, change => change.IsCompleted);
        }

        await Task.WhenAll(changes);
    }

    private static Task<JsonElement> BulkAsync(AdminClient admin, int round) => admin.ExpectAsync(
        200,
        "POST",
        $"/v1/projects/{ServedFolder.ProjectId}/renders",
        string.Concat(Enumerable.Range(0, 100_000).Select(n => $$"""{"id":"bulk-{{round}}-{{n}}"}""" + "\n")));

    /// <summary>Clients that ask for engagement and take the answers byte by byte, others that ask as fast as they can, and one export after another.</summary>
    private static async Task DisturbAsync(ServedFolder folder, TimeSpan duration)
    {
        using var end = new CancellationTokenSource(duration);
        var request = Encoding.ASCII.GetBytes($"GET /v1/renders/r0/engagement HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {folder.ApiKey}\r\n\r\n");
        var slow = Enumerable.Range(0, 20).Select(async _ =>
        {
            await using var connection = await RawConnection.ConnectAsync(folder.EndPoint);
            connection.Socket.ReceiveBufferSize = 4096;
            for (var i = 0; i < 50; i++)
                await connection.SendAsync(request);
            var one = new byte[1];
            while (!end.IsCancellationRequested && await connection.Socket.ReceiveAsync(one) > 0)
                await Task.Delay(20);
        });
        var eager = Enumerable.Range(0, 2).Select(async number =>
        {
            using var client = folder.Connect();
            while (!end.IsCancellationRequested)
                Assert.Equal(200, (await client.GetAsync($"/v1/renders/r{number}/engagement"))!.Status);
        });
        var exports = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
                await folder.OkAsync("events", "export", "--out", Path.Combine(folder.FolderPath, "events.jsonl"));
        });
        await Task.WhenAll([.. slow, .. eager, exports]);
    }
}
