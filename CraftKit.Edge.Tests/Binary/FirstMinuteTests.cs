using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>What somebody meets who has just unpacked the program: <c>init</c>, and what <c>serve</c> says at its start.</summary>
public sealed partial class FirstMinuteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Init_makes_all_that_is_needed_to_record_an_event_and_to_open_the_admin_plane()
    {
        using var made = JsonDocument.Parse((await OkAsync("init", "Customer portal", "--json")).Output);
        var root = made.RootElement;
        Assert.Equal(_folder["config.json"], root.GetProperty("config").GetString());
        Assert.Equal(_folder["data"], root.GetProperty("dataDirectory").GetString());
        Assert.Equal("Customer portal", root.GetProperty("project").GetProperty("name").GetString());
        Assert.Equal("customer-portal", root.GetProperty("project").GetProperty("slug").GetString());
        var project = root.GetProperty("project").GetProperty("id").GetString()!;
        var key = root.GetProperty("key").GetProperty("key").GetString()!;
        var accountKey = root.GetProperty("accountKey").GetProperty("key").GetString()!;
        Assert.Equal(Repository("config.example.json"), await File.ReadAllTextAsync(_folder["config.json"], TestContext.Current.CancellationToken));
        await OkAsync("render", "add", "r1", "--project", project);

        await using var server = EdgeProcess.Start(_folder.FolderPath, ["serve", "--url", "http://127.0.0.1:0", "--admin-url", "http://127.0.0.1:0"]);
        var url = UrlPattern().Match(await server.WaitForErrorAsync("events on http://")).Value;
        var adminUrl = UrlPattern().Match(await server.WaitForErrorAsync("admin plane on http://")).Value;
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{url}/v1/renders/r1/events") { Content = new StringContent("""{"eventType":"viewed"}""") };
        request.Headers.Authorization = new("Bearer", key);
        using var recorded = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("""{"recorded":true}""", await recorded.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var list = new HttpRequestMessage(HttpMethod.Get, $"{adminUrl}/v1/projects");
        list.Headers.Authorization = new("Bearer", accountKey);
        using var projects = await client.SendAsync(list, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, projects.StatusCode);
        Assert.DoesNotContain(key, server.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_shows_the_keys_once_and_says_what_comes_next()
    {
        var result = await OkAsync("init");
        Assert.Contains("My project", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"\nAPI key       ck_live_[A-Za-z0-9]{32,}\n", result.Output);
        Assert.Matches(@"\naccount key   ck_acct_[A-Za-z0-9]{32,}\n", result.Output);
        Assert.EndsWith("  craftkit-edge serve\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_refuses_a_folder_that_has_projects_and_leaves_no_configuration_behind()
    {
        await OkAsync("project", "add", "P", "--id", "p");
        var result = await EdgeProcess.RunAsync(_folder.FolderPath, ["init"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal($"craftkit-edge: {_folder["data"]}: holds projects already, such as p; project add, key create and account key create make more\n", result.Error);
        Assert.False(File.Exists(_folder["config.json"]));
    }

    [Fact]
    public async Task Init_keeps_a_configuration_that_is_there_and_uses_it()
    {
        await File.WriteAllTextAsync(_folder["config.json"], """{ "dataDirectory": "elsewhere" }""", TestContext.Current.CancellationToken);
        Assert.Contains("(was there, kept)", (await OkAsync("init")).Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder["elsewhere"], "catalog.db")));
        Assert.Equal("""{ "dataDirectory": "elsewhere" }""", await File.ReadAllTextAsync(_folder["config.json"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Init_writes_the_folders_that_it_is_told()
    {
        Directory.CreateDirectory(_folder["etc"]);
        await OkAsync("init", "--config", "etc/edge.json", "--data", "var");
        var list = await OkAsync("project", "list", "--config", "etc/edge.json");
        Assert.Contains("My project", list.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder["var"], "catalog.db")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(_folder["etc/edge.json"]));

        var missing = await EdgeProcess.RunAsync(_folder.FolderPath, ["init", "--config", "nowhere/edge.json"]);
        Assert.Equal(1, missing.ExitCode);
        Assert.Single(missing.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task What_init_says_to_do_next_can_be_done()
    {
        Directory.CreateDirectory(_folder["the etc"]);
        foreach (var arguments in new string[][] { ["--config", "the etc/edge.json", "--data", "var"], [] })
        {
            var next = (await OkAsync(["init", .. arguments])).Output.Split('\n').Single(line => line.Contains("render add", StringComparison.Ordinal));
            var command = EdgeProcess.StartInfo(_folder.FolderPath, []);
            var line = string.Join(' ', command.ArgumentList.Prepend(command.FileName).Select(word => $"'{word}'"));
            var start = new ProcessStartInfo("bash", ["-c", next.Replace("craftkit-edge", line, StringComparison.Ordinal)]) { WorkingDirectory = _folder.FolderPath };
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
        }
    }

    [Fact]
    public async Task Init_begins_again_where_every_project_was_deleted()
    {
        await OkAsync("project", "add", "P", "--id", "p");
        await OkAsync("project", "delete", "p");
        Assert.Contains("craftkit-edge init", await StartAsync("nothing can be recorded yet"), StringComparison.Ordinal);
        await OkAsync("init");
    }

    [Fact]
    public async Task The_start_says_what_is_known_and_what_is_missing()
    {
        Assert.Contains("0 projects, 0 keys, 0 renders known", await StartAsync("known"), StringComparison.Ordinal);
        Assert.Contains("craftkit-edge init", await StartAsync("nothing can be recorded yet"), StringComparison.Ordinal);
        await OkAsync("project", "add", "P", "--id", "p");
        Assert.Contains("key create", await StartAsync("nothing can be recorded yet"), StringComparison.Ordinal);
        await OkAsync("key", "create", "--project", "p");
        Assert.Contains("render add", await StartAsync("nothing can be recorded yet"), StringComparison.Ordinal);
        await OkAsync("render", "add", "r", "--project", "p");
        Assert.Contains("1 project, 1 key, 1 render known", await StartAsync("known"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM=xterm", true)]
    [InlineData("TERM=xterm NO_COLOR=1", false)]
    public async Task On_a_terminal_the_start_is_a_banner(string environment, bool isColoured)
    {
        var command = EdgeProcess.StartInfo(_folder.FolderPath, ["serve", "--url", "http://127.0.0.1:0", "--admin-url", ""]);
        var line = string.Join(' ', command.ArgumentList.Prepend(command.FileName).Select(word => $"'{word}'"));
        var start = new ProcessStartInfo("bash", ["-c", $"env {environment} timeout -s TERM 3 script -qec \"{line}\" /dev/null"])
        {
            WorkingDirectory = _folder.FolderPath,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var plain = Escapes().Replace(output, "");
        Assert.Matches(@"CraftKit\.Edge \d+\.\d+\.\d+\r\n  Events  http://127\.0\.0\.1:\d+\r\n  Admin   off\r\n  Data    /", plain);
        Assert.Contains("  Known   0 projects, 0 keys, 0 renders\r\n  Next    nothing can be recorded yet: craftkit-edge init", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("info: CraftKit.Edge: events on", plain, StringComparison.Ordinal);
        Assert.Equal(isColoured, output.Contains("\u001b[1mCraftKit.Edge\u001b[0m", StringComparison.Ordinal));
        Assert.Equal(isColoured, output.Contains('\u001b', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(">&-")]
    [InlineData("| true")]
    [InlineData(">/dev/full")]
    public async Task A_start_that_nobody_watches_serves_all_the_same(string output)
    {
        var command = EdgeProcess.StartInfo(_folder.FolderPath, ["serve", "--demo", "--url", "http://127.0.0.1:0", "--admin-url", ""]);
        var line = string.Join(' ', command.ArgumentList.Prepend(command.FileName).Select(word => $"'{word}'"));
        var start = new ProcessStartInfo("bash", ["-c", $"set -o pipefail; timeout --preserve-status -s TERM 4 {line} {output}"])
        {
            WorkingDirectory = _folder.FolderPath,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("what there is to say at the start cannot be shown: ", error, StringComparison.Ordinal);
        Assert.Contains("stopped, everything is stored", error, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
    }

    [GeneratedRegex("http://[0-9.:]+")]
    private static partial Regex UrlPattern();

    [GeneratedRegex("\u001b[^a-zA-Z=>]*[a-zA-Z=>]")]
    private static partial Regex Escapes();

    private static string Repository(string file) => Docs.Repository.Read(file);

    private async Task<string> StartAsync(string part)
    {
        await using var server = EdgeProcess.Start(_folder.FolderPath, ["serve", "--url", "http://127.0.0.1:0", "--admin-url", ""]);
        var line = await server.WaitForErrorAsync(part);
        server.Signal("TERM");
        Assert.Equal(0, (await server.WaitAsync()).ExitCode);
        return line;
    }

    private async Task<EdgeResult> OkAsync(params string[] arguments)
    {
        var result = await EdgeProcess.RunAsync(_folder.FolderPath, arguments);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', arguments)}: {result}");
        return result;
    }
}
