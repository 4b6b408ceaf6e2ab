using System.Security.Cryptography;
using System.Text.Json;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Storage;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>Every version reads the folder of the one before, and only the process that serves migrates it (docs/API.md, guarantee 11).</summary>
public sealed class VersionTests : IAsyncLifetime
{
    private ServedFolder? _folder;

    private ServedFolder Folder => _folder!;

    public async ValueTask InitializeAsync()
    {
        _folder = await ServedFolder.CreateAsync(", \"journal\": { \"capacityBytes\": 1048576 }");
        Directory.Delete(Folder.DataPath, recursive: true);
        await OldFolder.UnpackAsync(1, Folder.DataPath);
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
            await _folder.DisposeAsync();
    }

    [Fact]
    public async Task Serving_migrates_the_databases_and_stores_what_the_old_journal_held_once()
    {
        await Folder.StartAsync();
        using (var client = Folder.Connect(OldFolder.LiveKey))
        {
            Assert.Contains("\"linkOpens\":1,\"total\":3", (await client.GetAsync("/v1/renders/r-1/engagement"))!.Body, StringComparison.Ordinal);
            Assert.Contains("\"linkOpens\":0,\"total\":2", (await client.GetAsync($"/v1/renders/{OldFolder.UnstoredRender}/engagement"))!.Body, StringComparison.Ordinal);
            Assert.Equal(404, (await client.GetAsync("/v1/renders/d-1/engagement"))!.Status);
            Assert.True((await client.PostAsync("r-1", "viewed", "192.0.2.1", """{"new":true}"""))!.IsRecorded);
        }

        using (var revoked = Folder.Connect(OldFolder.RevokedKey))
            Assert.Equal(401, (await revoked.GetAsync("/v1/renders/r-1/engagement"))!.Status);
        using (var deleted = Folder.Connect(OldFolder.DeletedProjectsKey))
            Assert.Equal(403, (await deleted.GetAsync("/v1/renders/g-1/engagement"))!.Status);
        await Folder.OkAsync("account", "key", "create");
        await Folder.StopAsync();

        Assert.Equal(["Customer portal"], Names(await Folder.OkAsync("project", "list", "--json"), "projects"));
        Assert.Equal(["of the gone", "old", "backend"], Names(await Folder.OkAsync("key", "list", "--json"), "keys"));
        var events = await Folder.OkAsync("events", "export");
        Assert.Equal(["true", "true", "true", "false", "false", ""], events.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("metadata").TryGetProperty("stored", out var stored) ? stored.GetRawText() : ""));
        Assert.Equal(CatalogSchema.Schema.Version, VersionOf("catalog.db"));
        Assert.Equal(EventSchema.Schema.Version, VersionOf("events.db"));
    }

    [Theory]
    [InlineData("project list")]
    [InlineData("key list")]
    [InlineData("key create --project portal")]
    [InlineData("account key create")]
    [InlineData("account key list")]
    [InlineData("render list --project portal")]
    [InlineData("events export")]
    public async Task A_command_refuses_an_older_folder_in_one_line_and_leaves_it_as_it_is(string line)
    {
        var before = Hashes();
        var refused = await Folder.RunAsync(line.Split(' '));

        Assert.Equal(1, refused.ExitCode);
        Assert.Equal("", refused.Output);
        Assert.Contains("schema 1 is older than this program's", refused.Error, StringComparison.Ordinal);
        Assert.Contains("start craftkit-edge serve once, which migrates it", refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal(before, Hashes());
    }

    [Fact]
    public async Task Check_looks_an_older_folder_over_and_leaves_it_as_it_is()
    {
        var before = Hashes();
        var check = await Folder.RunAsync("check", "--full");

        Assert.True(check.ExitCode == 0, check.ToString());
        Assert.Contains("schema 1, serve will migrate it to", check.Output, StringComparison.Ordinal);
        Assert.Contains("2 events not stored yet", check.Output, StringComparison.Ordinal);
        Assert.Equal(before, Hashes());
    }

    private static List<string> Names(string json, string list)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty(list).EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];
    }

    private long VersionOf(string file) => long.Parse(SqliteShell.Run(Folder.DataFile(file), "PRAGMA user_version"), System.Globalization.CultureInfo.InvariantCulture);

    private Dictionary<string, string> Hashes() => ((string[])["catalog.db", "events.db", "events.journal"])
        .ToDictionary(name => name, name => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Folder.DataFile(name)))));
}
