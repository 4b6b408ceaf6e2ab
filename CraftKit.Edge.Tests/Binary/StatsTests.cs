using System.Diagnostics;
using CraftKit.Edge.Tests.Http.Admin;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>The figures of the program as a process (docs/API.md, "Figures").</summary>
public sealed class StatsTests
{
    [Fact]
    public async Task The_counts_of_today_survive_a_kill_and_a_stop_exactly()
    {
        await using var folder = await ServedFolder.CreateAsync();
        using (var admin = await AdminClient.StartAsync(folder))
        {
            await RecordAsync(folder, host: 1);
            await SoonAsync(admin, (20, 20, 0), ["r0 8", "r1 8", "r2 8", "r3 8", "r4 8"]);
        }

        // What was not stored before the kill is counted by the replay.
        using (SqliteShell.LockForWriting(folder.DataFile("events.db")))
        {
            await RecordAsync(folder, host: 2);
            await folder.Server.KillAsync();
        }

        using (var admin = await AdminClient.StartAsync(folder))
            await SoonAsync(admin, (40, 40, 0), ["r0 16", "r1 16", "r2 16", "r3 16", "r4 16"]);
        await folder.StopAsync();
        using (var admin = await AdminClient.StartAsync(folder))
        {
            using (var client = folder.Connect())
                Assert.True((await client.PostAsync("r3", "printed", "192.0.2.9", "{}"))!.IsRecorded);
            await SoonAsync(admin, (40, 40, 1), ["r0 16", "r1 16", "r2 16", "r3 17", "r4 16"]);
        }

        Assert.Equal("40|40|1", SqliteShell.Run(folder.DataFile("events.db"), "SELECT viewed, downloaded, printed FROM state"));
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_those_who_follow()
    {
        await using var folder = await ServedFolder.CreateAsync();
        using var admin = await AdminClient.StartAsync(folder);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, await AdminClient.UrlAsync(folder.Server) + "/v1/stats/stream");
        request.Headers.Authorization = new("Bearer", admin.AccountKey);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("data: {", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var start = Stopwatch.GetTimestamp();
        await folder.StopAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(3));

        // A connection that broke would fail this: the stream has ended as an answer should.
        Assert.EndsWith("\n", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>Eight events of each of five renders, four of them viewed.</summary>
    private static async Task RecordAsync(ServedFolder folder, int host)
    {
        using var client = folder.Connect();
        for (var n = 0; n < 40; n++)
            Assert.True((await client.PostAsync($"r{n % 5}", n / 5 % 2 == 0 ? "viewed" : "downloaded", $"10.{host}.0.{n}", "{}"))!.IsRecorded);
    }

    private static Task SoonAsync(AdminClient admin, (int, int, int) today, string[] busiest) => AdminServer.SoonAsync(
        () => admin.ExpectAsync(200, "GET", "/v1/stats"),
        stats =>
        {
            var counts = stats.GetProperty("today");
            Assert.Equal(today, (counts.GetProperty("viewed").GetInt32(), counts.GetProperty("downloaded").GetInt32(), counts.GetProperty("printed").GetInt32()));
            Assert.Equal(busiest, stats.GetProperty("busiest").EnumerateArray().Select(render => $"{render.GetProperty("renderId")} {render.GetProperty("events")}").Order(StringComparer.Ordinal));
        });
}
