using System.Diagnostics;
using System.Text;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>What a command changes counts for the serving process within a second (docs/API.md, guarantee 7).</summary>
[Collection(Undisturbed.Name)]
public sealed class ProvisioningTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private ServedFolder? _folder;

    private ServedFolder Folder => _folder!;

    public async ValueTask InitializeAsync()
    {
        _folder = await ServedFolder.CreateAsync();
        await Folder.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
            await _folder.DisposeAsync();
    }

    [Fact]
    public async Task A_key_counts_from_its_creation_to_its_revocation()
    {
        var (key, id) = await Folder.CreateKeyAsync();
        using var client = Folder.Connect(key);
        await AssertWithinAsync(Second, client, "/v1/renders/r0/engagement", 200);
        await Folder.OkAsync("key", "revoke", id);
        await AssertWithinAsync(Second, client, "/v1/renders/r0/engagement", 401);
        using var other = Folder.Connect();
        Assert.Equal(200, (await other.GetAsync("/v1/renders/r0/engagement"))!.Status);
    }

    [Fact]
    public async Task A_deleted_project_is_forbidden_to_its_keys()
    {
        using var client = Folder.Connect();
        Assert.True((await client.PostAsync(DedupeScope.Number(1), 1))!.IsRecorded);
        await Folder.OkAsync("project", "delete", ServedFolder.ProjectId);
        await AssertWithinAsync(Second, client, "/v1/renders/r0/engagement", 403);
        Assert.Equal(403, (await client.PostAsync(DedupeScope.Number(2), 2))!.Status);
        Assert.Equal(1, Assert.Single(await Folder.ExportAsync()).N);
    }

    [Fact]
    public async Task A_render_counts_from_its_addition_to_its_deletion_and_keeps_its_engagement_when_it_comes_back()
    {
        using var client = Folder.Connect();
        Assert.Equal(404, (await client.PostAsync("new", "viewed", "192.0.2.1", """{"n":1}"""))!.Status);
        await Folder.OkAsync("render", "add", "new", "--project", ServedFolder.ProjectId);
        await AssertWithinAsync(Second, client, "/v1/renders/new/engagement", 200);
        Assert.True((await client.PostAsync("new", "viewed", "192.0.2.1", """{"n":2}"""))!.IsRecorded);
        await Folder.OkAsync("render", "delete", "new");
        await AssertWithinAsync(Second, client, "/v1/renders/new/engagement", 404);
        Assert.Equal(404, (await client.PostAsync("new", "viewed", "192.0.2.2", """{"n":3}"""))!.Status);
        await Folder.OkAsync("render", "add", "new", "--project", ServedFolder.ProjectId, "--share", "fresh");
        await AssertWithinAsync(Second, client, "/v1/renders/new/engagement", 200);
        var engagement = (await client.GetAsync("/v1/renders/new/engagement"))!.Body;
        Assert.Contains("\"linkOpens\":0,\"total\":1,\"recent\":[{", engagement, StringComparison.Ordinal);
        Assert.Contains("\"shareId\":null,\"sourceIp\":\"192.0.2.1\"", engagement, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_render_of_another_project_is_not_found_and_not_moved_and_its_events_are_never_anothers()
    {
        using var owner = Folder.Connect();
        Assert.True((await owner.PostAsync(DedupeScope.Number(0), 1))!.IsRecorded);
        await Folder.OkAsync("project", "add", "Q", "--id", "q");
        var (key, _) = await Folder.CreateKeyAsync("q");
        Assert.Equal(1, (await Folder.RunAsync("render", "add", "r0", "--project", "q")).ExitCode);
        using var stranger = Folder.Connect(key);
        await AssertWithinAsync(Second, stranger, "/v1/renders/r0/engagement", 404);
        Assert.Equal(404, (await stranger.PostAsync(DedupeScope.Number(0), 2))!.Status);

        // A deleted render's id is free, for another project too; nothing of its past comes with it.
        await Folder.OkAsync("render", "delete", "r0");
        await Folder.OkAsync("render", "add", "r0", "--project", "q", "--share", "s0");
        await AssertWithinAsync(Second, stranger, "/v1/renders/r0/engagement", 200);
        Assert.Contains("\"total\":0,\"recent\":[]", (await stranger.GetAsync("/v1/renders/r0/engagement"))!.Body, StringComparison.Ordinal);
        Assert.Equal(404, (await owner.GetAsync("/v1/renders/r0/engagement"))!.Status);
        Assert.True((await stranger.PostAsync(DedupeScope.Number(0), 3))!.IsRecorded);

        // What a deleted project had stays its own.
        await Folder.OkAsync("project", "delete", "q");
        Assert.Equal(1, (await Folder.RunAsync("render", "add", "r0", "--project", ServedFolder.ProjectId)).ExitCode);
    }

    [Fact]
    public async Task Dedupe_moves_to_the_new_share_and_stored_events_keep_the_old_one()
    {
        using var client = Folder.Connect();
        Assert.True((await client.PostAsync("r0", "viewed", "192.0.2.1", """{"n":1}"""))!.IsRecorded);
        Assert.True((await client.PostAsync("r1", "viewed", "192.0.2.1", """{"n":2}"""))!.IsDuplicate);
        await Folder.OkAsync("render", "add", "r0", "--project", ServedFolder.ProjectId, "--share", "moved");

        // The new share is known once an address that nobody used before is new for r0 though r1 had it.
        var start = Stopwatch.GetTimestamp();
        for (var probe = 0; ; probe++)
        {
            Assert.True((await client.PostAsync("r1", "printed", $"198.51.100.{probe}", $$"""{"n":{{100 + probe}}}"""))!.IsRecorded);
            if ((await client.PostAsync("r0", "printed", $"198.51.100.{probe}", $$"""{"n":{{400 + probe}}}"""))!.IsRecorded)
                break;
            Assert.True(Stopwatch.GetElapsedTime(start) < Second, "the new share did not count within a second");
            await Task.Delay(20);
        }
        Assert.True((await client.PostAsync("r0", "viewed", "192.0.2.1", """{"n":3}"""))!.IsRecorded);
        Assert.True((await client.PostAsync("r0", "viewed", "192.0.2.1", """{"n":4}"""))!.IsDuplicate);
        Assert.True((await client.PostAsync("r1", "viewed", "192.0.2.1", """{"n":5}"""))!.IsDuplicate);
        var stored = await Folder.ExportAsync();
        Assert.Equal("s0", Assert.Single(stored, one => one.N == 1).ShareId);
        Assert.Equal("moved", Assert.Single(stored, one => one.N == 3).ShareId);

        // After a restart too the old events stand for the share they had.
        await Folder.StopAsync();
        await Folder.StartAsync();
        using var again = Folder.Connect();
        Assert.True((await again.PostAsync("r0", "viewed", "192.0.2.1", """{"n":6}"""))!.IsDuplicate);
        Assert.True((await again.PostAsync("r1", "viewed", "192.0.2.1", """{"n":7}"""))!.IsDuplicate);
    }

    [Fact]
    public async Task An_import_of_a_hundred_thousand_counts_within_a_second_and_two_microseconds_each()
    {
        const int Count = 100_000;
        var lines = new StringBuilder();
        for (var n = 0; n < Count; n++)
            lines.Append($$"""{"id":"bulk-{{n}}","projectId":"{{ServedFolder.ProjectId}}"}""").Append('\n');
        using var client = Folder.Connect();
        var import = EdgeProcess.RunAsync(Folder.FolderPath, ["render", "import", "-", "--json"], input: lines.ToString());

        // The data plane goes on while it runs.
        var n2 = 0L;
        while (!import.IsCompleted)
        {
            Assert.True((await client.PostAsync(DedupeScope.Number(n2), n2))!.IsRecorded);
            n2++;
        }
        Assert.Equal("{\"added\":100000,\"changed\":0,\"unchanged\":0}\n", (await import).Output);
        await AssertWithinAsync(Second + TimeSpan.FromMicroseconds(2 * Count), client, $"/v1/renders/bulk-{Count - 1}/engagement", 200);
        foreach (var n in new[] { 0, 1, 777, 50_000, Count - 1 })
            Assert.True((await client.PostAsync($"bulk-{n}", "viewed", "192.0.2.1", $$"""{"n":{{1_000_000 + n}}}"""))!.IsRecorded);
    }

    /// <summary>Asks until the answer has the status, from the end of the command on.</summary>
    private static async Task AssertWithinAsync(TimeSpan limit, EventClient client, string path, int status)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var asked = Stopwatch.GetElapsedTime(start);
            var answer = await client.GetAsync(path);
            if (answer!.Status == status)
                return;
            Assert.True(asked < limit, $"{path}: still {answer.Status}, not {status}, after {asked.TotalMilliseconds} ms");
            await Task.Delay(10);
        }
    }
}
