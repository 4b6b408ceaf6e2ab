using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>The admin plane of the program as a process (docs/API.md, "Admin plane").</summary>
[Collection(Undisturbed.Name)]
public sealed class AdminPlaneTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private ServedFolder? _folder;

    private ServedFolder Folder => _folder!;

    public async ValueTask InitializeAsync() => _folder = await ServedFolder.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
            await _folder.DisposeAsync();
    }

    [Fact]
    public async Task From_an_account_key_to_an_event_and_back()
    {
        using var admin = await AdminClient.StartAsync(Folder);
        var project = (await admin.ExpectAsync(201, "POST", "/v1/projects", """{"name":"Über uns"}""")).GetProperty("id").GetString()!;
        var made = await admin.ExpectAsync(201, "POST", $"/v1/projects/{project}/keys");
        var (key, keyId) = (made.GetProperty("key").GetString()!, made.GetProperty("id").GetString()!);
        using var client = Folder.Connect(key);
        await admin.ExpectAsync(201, "PUT", $"/v1/projects/{project}/renders/new", """{"shareId":"s"}""");
        Assert.True((await client.PostAsync("new", "viewed", "192.0.2.1", """{"n":1}"""))!.IsRecorded);
        Assert.Equal(1, (await admin.ExpectAsync(200, "GET", $"/v1/projects/{project}/renders/new/engagement")).GetProperty("linkOpens").GetInt32());

        // Each change counts in the very next request.
        await admin.ExpectAsync(200, "DELETE", $"/v1/projects/{project}/renders/new");
        Assert.Equal(404, (await client.GetAsync("/v1/renders/new/engagement"))!.Status);
        await admin.ExpectAsync(201, "PUT", $"/v1/projects/{project}/renders/new");
        Assert.Equal(200, (await client.GetAsync("/v1/renders/new/engagement"))!.Status);
        var other = (await admin.ExpectAsync(201, "POST", $"/v1/projects/{project}/keys", """{"name":"other"}""")).GetProperty("key").GetString()!;
        await admin.ExpectAsync(200, "DELETE", $"/v1/projects/{project}/keys/{keyId}");
        Assert.Equal(401, (await client.GetAsync("/v1/renders/new/engagement"))!.Status);
        using var again = Folder.Connect(other);
        Assert.Equal(200, (await again.GetAsync("/v1/renders/new/engagement"))!.Status);
        await admin.ExpectAsync(200, "DELETE", $"/v1/projects/{project}");
        Assert.Equal(403, (await again.GetAsync("/v1/renders/new/engagement"))!.Status);
    }

    [Fact]
    public async Task An_account_key_counts_from_its_creation_to_its_revocation_within_a_second()
    {
        using var admin = await AdminClient.StartAsync(Folder);
        using var made = JsonDocument.Parse(await Folder.OkAsync("account", "key", "create", "--name", "second", "--json"));
        Assert.Equal(["id", "name", "prefix", "key", "createdAt"], made.RootElement.EnumerateObject().Select(member => member.Name));
        var (key, id) = (made.RootElement.GetProperty("key").GetString()!, made.RootElement.GetProperty("id").GetString()!);
        using var second = new AdminClient(await AdminClient.UrlAsync(Folder.Server), key);
        await AssertWithinAsync(Second, second, 200);
        var listed = await Folder.OkAsync("account", "key", "list", "--json");
        Assert.Contains($"\"id\":\"{id}\",\"name\":\"second\",\"prefix\":\"{key[..13]}\"", listed, StringComparison.Ordinal);
        Assert.DoesNotContain(key, listed, StringComparison.Ordinal);
        Assert.Equal($$"""{"id":"{{id}}","revoked":true}""" + "\n", await Folder.OkAsync("account", "key", "revoke", id, "--json"));
        await AssertWithinAsync(Second, second, 401);
        await admin.ExpectAsync(200, "GET", "/v1/projects");
        Assert.Equal(1, (await Folder.RunAsync("account", "key", "revoke", id)).ExitCode);
        Assert.Equal(1, (await Folder.RunAsync("account", "key", "revoke", "unknown")).ExitCode);
    }

    [Fact]
    public async Task Commands_and_requests_change_the_catalog_at_the_same_time()
    {
        using var admin = await AdminClient.StartAsync(Folder);
        var requests = Enumerable.Range(0, 4).Select(async client =>
        {
            for (var n = 0; n < 50; n++)
                await admin.ExpectAsync(201, "PUT", $"/v1/projects/{ServedFolder.ProjectId}/renders/http-{client}-{n}");
        });
        var commands = Enumerable.Range(0, 2).Select(async command =>
        {
            for (var n = 0; n < 8; n++)
                await Folder.OkAsync("render", "add", $"cli-{command}-{n}", "--project", ServedFolder.ProjectId);
        });
        var imports = EdgeProcess.RunAsync(
            Folder.FolderPath, ["render", "import", "-"], input: string.Concat(Enumerable.Range(0, 20_000).Select(n => $$"""{"id":"bulk-{{n}}","projectId":"p"}""" + "\n")));
        await Task.WhenAll([.. requests, .. commands, imports]);

        Assert.Equal(0, (await imports).ExitCode);
        Assert.Equal(
            (ServedFolder.Renders + 200 + 16 + 20_000).ToString(CultureInfo.InvariantCulture),
            SqliteShell.Run(Folder.DataFile("catalog.db"), "SELECT count(*) FROM renders WHERE deleted_at IS NULL"));
    }

    [Fact]
    public async Task The_last_use_of_a_key_is_told_by_both_and_survives_a_kill_and_a_stop()
    {
        using var admin = await AdminClient.StartAsync(Folder);
        var before = DateTimeOffset.UtcNow;
        using (var client = Folder.Connect())
            Assert.Equal(200, (await client.GetAsync("/v1/renders/r0/engagement"))!.Status);
        var told = await LastUseAsync(admin);
        Assert.InRange(told!.Value, before.AddMinutes(-1), DateTimeOffset.UtcNow);
        var watch = Stopwatch.StartNew();
        while (Listed(await Folder.OkAsync("key", "list", "--json")) is null)
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), "key list did not show the use within a minute");
        Assert.Equal(told, Listed(await Folder.OkAsync("key", "list", "--json")));
        Assert.Contains("\"lastUsedAt\":\"", await Folder.OkAsync("account", "key", "list", "--json"), StringComparison.Ordinal);

        await Folder.Server.KillAsync();
        using var second = await AdminClient.StartAsync(Folder);
        Assert.Equal(told, await LastUseAsync(second));
        using (var client = Folder.Connect((await Folder.CreateKeyAsync()).Key))
        {
            await Task.Delay(Second);
            Assert.Equal(200, (await client.GetAsync("/v1/renders/r0/engagement"))!.Status);
        }

        await Folder.StopAsync();
        using var keys = JsonDocument.Parse(await Folder.OkAsync("key", "list", "--json"));
        Assert.All(keys.RootElement.GetProperty("keys").EnumerateArray(), key => Assert.Equal(JsonValueKind.String, key.GetProperty("lastUsedAt").ValueKind));
        Assert.Equal("0", SqliteShell.Run(Folder.DataFile("catalog.db"), "SELECT count(*) FROM pragma_table_info('keys') WHERE name LIKE '%used%'"));
    }

    [Fact]
    public async Task A_key_is_nowhere_but_in_the_answer_that_shows_it()
    {
        using var admin = await AdminClient.StartAsync(Folder, new Dictionary<string, string> { ["CRAFTKIT_EDGE__LOG__LEVEL"] = "Trace" });
        var project = (await admin.ExpectAsync(201, "POST", "/v1/projects", """{"name":"x"}""")).GetProperty("id").GetString()!;
        var key = (await admin.ExpectAsync(201, "POST", $"/v1/projects/{project}/keys")).GetProperty("key").GetString()!;
        using var stranger = new AdminClient(await AdminClient.UrlAsync(Folder.Server), "ck_acct_ThisKeyIsKnownToNobodyAtAll0123456789");
        await stranger.ExpectAsync(401, "GET", "/v1/projects");
        await admin.ExpectAsync(400, "POST", $"/v1/projects/{project}/keys", "{");
        await admin.ExpectAsync(404, "DELETE", $"/v1/projects/{project}/keys/{key}");
        var text = string.Concat(
            (await admin.SendAsync("GET", $"/v1/projects/{project}/keys")).Body,
            await Folder.OkAsync("account", "key", "list", "--json"),
            await Folder.OkAsync("key", "list"),
            (await Folder.StopAsync()).Error);

        foreach (var secret in new[] { key, admin.AccountKey, stranger.AccountKey }.Select(whole => whole["ck_live_12345".Length..]))
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
            foreach (var path in Directory.GetFiles(Folder.DataPath))
                Assert.True(File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)) < 0, $"{path} holds a key");
        }
    }

    [Theory]
    [InlineData(2, "adminUrl: port 18479 is the data plane's; take another", "--url", "http://127.0.0.1:18479", "--admin-url", "http://127.0.0.1:18479")]
    [InlineData(2, "adminUrl: port 18479 is the data plane's; take another", "--url", "http://127.0.0.1:18479", "--admin-url", "http://localhost:18479")]
    [InlineData(2, "--admin-url: adminUrl: http://0.0.0.0:18478 can be reached from other machines without TLS; take a loopback address, https, or set adminInsecure", "--admin-url", "http://0.0.0.0:18478")]
    [InlineData(2, "--admin-url: adminUrl: http://192.0.2.1:18478 can be reached from other machines without TLS; take a loopback address, https, or set adminInsecure", "--admin-url", "http://192.0.2.1:18478")]
    public async Task An_address_that_the_admin_plane_may_not_have_stops_the_start(int exitCode, string message, params string[] arguments)
    {
        var refused = await Folder.RunAsync(["serve", .. arguments]);

        Assert.Equal(exitCode, refused.ExitCode);
        Assert.EndsWith($"{message}\n", refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Other_machines_may_reach_the_admin_plane_where_adminInsecure_says_so()
    {
        var server = await Folder.StartAsync(
            new Dictionary<string, string> { ["CRAFTKIT_EDGE__ADMININSECURE"] = "true" }, arguments: ["--admin-url", "http://0.0.0.0:0"]);
        using var client = new HttpClient();
        var url = (await AdminClient.UrlAsync(server)).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);

        Assert.Equal("""{"status":"ok"}""", await client.GetStringAsync(new Uri(url.TrimEnd('/') + "/healthz"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_bulk_of_a_hundred_thousand_renders_takes_less_than_a_second_and_a_half()
    {
        using var admin = await AdminClient.StartAsync(Folder);
        var lines = new StringBuilder();
        for (var n = 0; n < 100_000; n++)
            lines.Append($$"""{"id":"0197b3c4-5d6e-7f80-9a1b-{{n:x12}}","shareId":"0197b3c4-5d6e-7f80-9a1c-{{n:x12}}"}""").Append('\n');
        var body = lines.ToString();
        await admin.ExpectAsync(200, "POST", $"/v1/projects/{ServedFolder.ProjectId}/renders", """{"id":"warm"}""");
        var watch = Stopwatch.StartNew();
        var loaded = await admin.ExpectAsync(200, "POST", $"/v1/projects/{ServedFolder.ProjectId}/renders", body);
        var took = watch.Elapsed;
        output.WriteLine($"100,000 renders in {took.TotalMilliseconds:F0} ms");

        Assert.Equal(100_000, loaded.GetProperty("added").GetInt32());
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
        using var client = Folder.Connect();
        Assert.Equal(200, (await client.GetAsync($"/v1/renders/0197b3c4-5d6e-7f80-9a1b-{99_999:x12}/engagement"))!.Status);
    }

    private async Task<DateTimeOffset?> LastUseAsync(AdminClient admin) =>
        Listed((await admin.SendAsync("GET", $"/v1/projects/{ServedFolder.ProjectId}/keys")).Body);

    private DateTimeOffset? Listed(string json)
    {
        using var keys = JsonDocument.Parse(json);
        var key = keys.RootElement.GetProperty("keys").EnumerateArray().Single(key => key.GetProperty("id").GetString() == Folder.ApiKeyId);
        return key.GetProperty("lastUsedAt").GetString() is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;
    }

    private static async Task AssertWithinAsync(TimeSpan limit, AdminClient client, int status)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var asked = Stopwatch.GetElapsedTime(start);
            var answer = await client.SendAsync("GET", "/v1/projects");
            if (answer.Status == status)
                return;
            Assert.True(asked < limit, $"still {answer.Status}, not {status}, after {asked.TotalMilliseconds} ms");
            await Task.Delay(10);
        }
    }
}
