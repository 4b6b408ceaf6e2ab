using CraftKit.Edge.Tests.Http.Admin;
using CraftKit.Edge.Tests.Metrics;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>The metrics of what goes wrong with a process and its files (docs/API.md, "Metrics").</summary>
public sealed class MetricsTests
{
    private static readonly string[] Names = ["craftkit_edge_journal_replayed_records_total", "craftkit_edge_journal_damaged_bytes_total", "craftkit_edge_events_set_aside_total"];

    [Fact]
    public async Task What_a_start_replays_and_what_the_database_refuses_is_counted()
    {
        await using var folder = await ServedFolder.CreateAsync();
        using (var admin = await AdminClient.StartAsync(folder))
        using (SqliteShell.LockForWriting(folder.DataFile("events.db")))
        {
            await AssertAsync(admin, 0, 0, 0);
            await RecordAsync(folder, "viewed", "printed", "downloaded");
            await folder.Server.KillAsync();
        }

        SqliteShell.Run(folder.DataFile("events.db"), "CREATE TRIGGER theirs BEFORE INSERT ON events WHEN NEW.type = 3 BEGIN SELECT RAISE(ABORT, 'no'); END");
        using (var admin = await AdminClient.StartAsync(folder))
        {
            await AssertAsync(admin, 3, 0, 1);
            using var client = folder.Connect();
            Assert.True((await client.PostAsync("r1", "printed", "192.0.2.2", "{}"))!.IsRecorded);
            await AssertAsync(admin, 3, 0, 2);
        }
    }

    [Fact]
    public async Task What_cannot_be_read_of_the_journal_is_counted()
    {
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        using (SqliteShell.LockForWriting(folder.DataFile("events.db")))
        {
            await RecordAsync(folder, "viewed", "printed", "downloaded");
            await folder.Server.KillAsync();
        }

        var path = folder.DataFile("events.journal");
        var journal = File.ReadAllBytes(path);
        journal[journal.AsSpan().IndexOf("of-printed"u8)] ^= 0x20;
        File.WriteAllBytes(path, journal);
        using var admin = await AdminClient.StartAsync(folder);
        var values = await ReadAsync(admin);
        Assert.Equal((2, 0), (values[0], values[2]));
        Assert.InRange(values[1], 32, 1000);
    }

    private static Task AssertAsync(AdminClient admin, params double[] expected) =>
        AdminServer.SoonAsync(() => ReadAsync(admin), values => Assert.Equal(expected, values));

    private static async Task RecordAsync(ServedFolder folder, params string[] types)
    {
        using var client = folder.Connect();
        foreach (var type in types)
            Assert.True((await client.PostAsync("r0", type, "192.0.2.1", $$"""{"text":"of-{{type}}"}"""))!.IsRecorded);
    }

    private static async Task<double[]> ReadAsync(AdminClient admin)
    {
        var scrape = new Scrape((await admin.SendAsync("GET", "/metrics")).Body);
        return [.. Names.Select(name => scrape[name])];
    }
}
