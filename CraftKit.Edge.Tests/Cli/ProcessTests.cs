using System.Diagnostics;
using System.Text.Json;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Cli;

/// <summary>The real program: exit codes, what goes to which stream, and the files that it leaves.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Version_names_version_commit_runtime_and_sqlite()
    {
        using var version = await JsonAsync("version", "--json");
        Assert.Equal(["version", "commit", "runtime", "sqlite"], version.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Matches(@"^\d+\.\d+\.\d+", version.RootElement.GetProperty("version").GetString());
        Assert.Matches(@"^3\.\d+\.\d+$", version.RootElement.GetProperty("sqlite").GetString());
        var text = await OkAsync("--version");
        Assert.StartsWith($"craftkit-edge {version.RootElement.GetProperty("version").GetString()}\n", text, StringComparison.Ordinal);
        Assert.Equal(text, await OkAsync("version"));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.FolderPath));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("serve --help")]
    [InlineData("project --help")]
    [InlineData("render import --help")]
    [InlineData("events export --help")]
    [InlineData("check -h")]
    public async Task Help_goes_to_standard_output_and_does_nothing_else(string line)
    {
        var text = await OkAsync(line.Split(' '));
        Assert.Contains("Usage:\n  craftkit-edge", text, StringComparison.Ordinal);
        Assert.Contains("--config <FILE>", text, StringComparison.Ordinal);
        Assert.Contains("--data <DIR>", text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.FolderPath));
    }

    [Fact]
    public async Task An_option_with_an_empty_value_takes_nothing_else()
    {
        await OkAsync("project", "add", "P", "--id", "p");
        await OkAsync("render", "add", "r", "--project", "p", "--share", "s");
        using var added = await JsonAsync("render", "add", "r", "--project", "p", "--share=", "--json");
        Assert.Equal(JsonValueKind.Null, added.RootElement.GetProperty("shareId").ValueKind);
        using var other = await JsonAsync("project", "add", "--json", "--", "--data=");
        Assert.Equal("--data=", other.RootElement.GetProperty("name").GetString());
    }

    [Fact]
    public async Task An_id_that_looks_like_an_option_is_an_id()
    {
        await OkAsync("project", "add", "P", "--id", "p");
        await OkAsync("render", "add", "-hx", "--project", "p");
        await OkAsync("render", "delete", "-hx");
        Assert.DoesNotContain("-hx", await OkAsync("render", "list", "--project", "p"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key", "revoke", "ck_live_0123456789abcdefghijABCDEFGHIJ01")]
    [InlineData("account", "key", "revoke", "ck_acct_0123456789abcdefghijABCDEFGHIJ01")]
    [InlineData("render", "list", "--project", "ck_live_0123456789abcdefghijABCDEFGHIJ01")]
    [InlineData("events", "export", "--since", "ck_live_0123456789abcdefghijABCDEFGHIJ01")]
    [InlineData("serve", "--url", "ck_live_0123456789abcdefghijABCDEFGHIJ01")]
    [InlineData("ck_live_0123456789abcdefghijABCDEFGHIJ01")]
    public async Task A_key_in_the_wrong_place_is_not_shown(params string[] arguments)
    {
        var result = await EdgeProcess.RunAsync(_folder.FolderPath, arguments);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches("ck_(live|acct)_01234…", result.Error);
        Assert.DoesNotContain("ck_live_012345", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("ck_acct_012345", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_bad_lines_those_that_follow_each_other_are_named_together()
    {
        await OkAsync("project", "add", "P", "--id", "p");
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FolderPath, "renders.jsonl"),
            string.Concat(Enumerable.Repeat("bad\n", 200)) + """{"id":"r","projectId":"p"}""" + "\nbad\n" + """{"id":"q"}""" + "\n",
            TestContext.Current.CancellationToken);
        var result = await EdgeProcess.RunAsync(_folder.FolderPath, ["render", "import", "renders.jsonl"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            "craftkit-edge: renders.jsonl: nothing was imported: lines 1-200: not valid JSON; line 202: not valid JSON; line 203: projectId: Required\n",
            result.Error);
    }

    [Fact]
    public async Task Without_OpenSSL_the_program_says_so_instead_of_aborting()
    {
        // The runtime itself takes the version that it looks for from this variable.
        var environment = new Dictionary<string, string> { ["CLR_OPENSSL_VERSION_OVERRIDE"] = "9.9.9" };
        var result = await EdgeProcess.RunAsync(_folder.FolderPath, ["project", "list"], environment: environment);
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("craftkit-edge: OpenSSL is missing (libssl.so.9.9.9); install", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData(2, "Unrecognized command or argument 'bogus'; see craftkit-edge --help", "bogus")]
    [InlineData(2, "Unrecognized command or argument '[bogus]'; see craftkit-edge --help", "[bogus]")]
    [InlineData(2, "Unrecognized command or argument '[bogus]'; see craftkit-edge --help", "[bogus]", "project", "list")]
    [InlineData(2, "--url: url: \"http://127.0.0.1:80/x\" must end with the port; the paths are the service's own", "--url", "http://127.0.0.1:80/x")]
    [InlineData(2, "Required argument missing for command: 'add'; see craftkit-edge project add --help", "project", "add")]
    [InlineData(2, "nowhere.json: there is no such file", "project", "list", "--config", "nowhere.json")]
    [InlineData(2, "--url: url: https://127.0.0.1:1: https needs tls.certificate and tls.key", "--url", "https://127.0.0.1:1")]
    [InlineData(2, "--url: url: \"a\\u001b[2J\" is not of the form http://ADDRESS:PORT", "serve", "--url", "a\u001b[2J")]
    [InlineData(2, "--format: \"xml\" is neither jsonl nor csv", "events", "export", "--format", "xml")]
    [InlineData(2, "--since: \"now\" is not a time; write 2026-05-03, 2026-05-03T10:20:00Z or 2026-05-03T10:20:00+02:00", "events", "export", "--since", "now")]
    [InlineData(2, "project id 'a b': must be 1 to 64 of A-Z a-z 0-9 _ -", "project", "add", "x", "--id", "a b")]
    [InlineData(1, "project 'p': not found; craftkit-edge project list shows the known ones", "key", "create", "--project", "p")]
    [InlineData(1, "render 'r': not found; craftkit-edge render list shows the known ones", "render", "delete", "r")]
    public async Task An_error_is_one_line_on_standard_error(int exitCode, string message, params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.Equal($"craftkit-edge: {message}\n", result.Error);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal("", result.Output);
    }

    [Fact]
    public async Task A_faulty_configuration_stops_every_command_and_names_the_key()
    {
        File.WriteAllText(_folder["config.json"], """{ "journal": { "capacityBytes": 1000 } }""");
        foreach (var line in new[] { "serve", "project list", "events export", "check" })
        {
            var result = await RunAsync(line.Split(' '));
            Assert.Equal(2, result.ExitCode);
            Assert.Equal("craftkit-edge: config.json: journal.capacityBytes: 1000 is below 1048576\n", result.Error);
        }

        Assert.False(Directory.Exists(_folder["data"]));
    }

    [Fact]
    public async Task An_unknown_variable_stops_the_start_and_is_named()
    {
        var result = await EdgeProcess.RunAsync(
            _folder.FolderPath, ["project", "list"], new Dictionary<string, string> { ["CRAFTKIT_EDGE__PORT"] = "80" });
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("craftkit-edge: CRAFTKIT_EDGE__PORT: unknown variable; docs/API.md lists the keys\n", result.Error);
    }

    [Fact]
    public async Task The_data_option_overrides_environment_and_file()
    {
        File.WriteAllText(_folder["config.json"], """{ "dataDirectory": "from-file" }""");
        var environment = new Dictionary<string, string> { ["CRAFTKIT_EDGE__DATADIRECTORY"] = "from-environment" };
        Assert.Equal(0, (await EdgeProcess.RunAsync(_folder.FolderPath, ["project", "list"])).ExitCode);
        Assert.True(Directory.Exists(_folder["from-file"]));
        Assert.Equal(0, (await EdgeProcess.RunAsync(_folder.FolderPath, ["project", "list"], environment)).ExitCode);
        Assert.True(Directory.Exists(_folder["from-environment"]));
        Assert.Equal(0, (await EdgeProcess.RunAsync(_folder.FolderPath, ["project", "list", "--data", "from-option"], environment)).ExitCode);
        Assert.True(Directory.Exists(_folder["from-option"]));
    }

    [Fact]
    public async Task What_is_added_is_listed_and_what_is_deleted_is_gone()
    {
        using var project = await JsonAsync("project", "add", "Größe\u001b", "--id", "p1", "--json");
        Assert.Equal("p1", project.RootElement.GetProperty("id").GetString());
        Assert.Equal("Größe\u001b", project.RootElement.GetProperty("name").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", project.RootElement.GetProperty("createdAt").GetString());
        Assert.Contains("Größe\\u001b", await OkAsync("project", "list"), StringComparison.Ordinal);

        using var key = await JsonAsync("key", "create", "--project", "p1", "--name", "k", "--json");
        Assert.Equal(["id", "projectId", "name", "prefix", "key", "createdAt"], key.RootElement.EnumerateObject().Select(member => member.Name));
        var secret = key.RootElement.GetProperty("key").GetString()!;
        Assert.Matches("^ck_live_[A-Za-z0-9]{32,}$", secret);
        var keys = await OkAsync("key", "list", "--json");
        Assert.Contains(secret[..13], keys, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, keys, StringComparison.Ordinal);
        Assert.Equal("{\"id\":\"x\",\"revoked\":true}\n".Replace("x", key.RootElement.GetProperty("id").GetString(), StringComparison.Ordinal), await OkAsync("key", "revoke", key.RootElement.GetProperty("id").GetString()!, "--json"));

        using var render = await JsonAsync("render", "add", "r1", "--project", "p1", "--share", "s1", "--json");
        Assert.Equal("s1", render.RootElement.GetProperty("shareId").GetString());
        using var kept = await JsonAsync("render", "add", "r1", "--project", "p1", "--json");
        Assert.Equal("s1", kept.RootElement.GetProperty("shareId").GetString());
        using var taken = await JsonAsync("render", "add", "r1", "--project", "p1", "--share", "", "--json");
        Assert.Equal(JsonValueKind.Null, taken.RootElement.GetProperty("shareId").ValueKind);
        Assert.Contains("r1", await OkAsync("render", "list", "--project", "p1"), StringComparison.Ordinal);
        Assert.Equal("{\"id\":\"r1\",\"deleted\":true}\n", await OkAsync("render", "delete", "r1", "--json"));
        Assert.Equal("{\"renders\":[]}\n", await OkAsync("render", "list", "--project", "p1", "--json"));

        Assert.Equal("{\"id\":\"p1\",\"deleted\":true}\n", await OkAsync("project", "delete", "p1", "--json"));
        Assert.Equal("{\"projects\":[]}\n", await OkAsync("project", "list", "--json"));
        Assert.Equal(1, (await RunAsync("project", "delete", "p1")).ExitCode);
    }

    [Fact]
    public async Task An_import_is_all_or_nothing_and_names_each_bad_line()
    {
        await OkAsync("project", "add", "P", "--id", "p1");
        File.WriteAllText(_folder["bad.jsonl"], "{\"id\":\"r1\",\"projectId\":\"p1\"}\n{\"id\":\"r2\",\"projectId\":\"nope\"}\n\nnot json\n");
        var result = await RunAsync("render", "import", "bad.jsonl");
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.StartsWith("craftkit-edge: bad.jsonl: nothing was imported: line 2: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("; line 4: ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error, '\n');
        Assert.Equal("{\"renders\":[]}\n", await OkAsync("render", "list", "--project", "p1", "--json"));
    }

    [Fact]
    public async Task An_import_from_standard_input_changes_only_what_differs()
    {
        await OkAsync("project", "add", "P", "--id", "p1");
        const string Lines = "{\"id\":\"r1\",\"projectId\":\"p1\"}\n{\"id\":\"r2\",\"projectId\":\"p1\",\"shareId\":\"s\"}\n";
        var first = await EdgeProcess.RunAsync(_folder.FolderPath, ["render", "import", "-", "--json"], input: Lines);
        Assert.Equal("{\"added\":2,\"changed\":0,\"unchanged\":0}\n", first.Output);
        Assert.Equal("", first.Error);
        var second = await EdgeProcess.RunAsync(_folder.FolderPath, ["render", "import", "-", "--json"], input: Lines.Replace("\"s\"", "null", StringComparison.Ordinal));
        Assert.Equal("{\"added\":0,\"changed\":1,\"unchanged\":1}\n", second.Output);
    }

    [Fact]
    public async Task Everything_that_a_command_makes_is_its_owners_alone_whatever_the_umask()
    {
        await OkAsync("project", "add", "P");
        var (exitCode, _, error) = await ShellAsync("umask 0; exec \"$@\"", "project", "add", "P", "--data", "wide");
        Assert.True(exitCode == 0, error);
        foreach (var path in Directory.GetFileSystemEntries(_folder.FolderPath, "*", SearchOption.AllDirectories))
        {
            var mode = OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);
            Assert.True(((int)mode & 0x3F) == 0, $"{path}: {mode}");
        }
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_the_command_in_silence()
    {
        // By the time the command writes, true has long gone.
        var (exitCode, _, error) = await ShellAsync("{ sleep 0.5; \"$@\"; echo \"exit $?\" >&2; } | true", "version");
        Assert.Equal(0, exitCode);
        Assert.Equal("exit 0\n", error);
    }

    [Fact]
    public async Task Output_to_a_full_disk_fails_in_one_line()
    {
        var (exitCode, _, error) = await ShellAsync("exec \"$@\" > /dev/full", "version");
        Assert.Equal(1, exitCode);
        Assert.Equal("craftkit-edge: standard output: cannot be written (No space left on device)\n", error);
    }

    [Fact]
    public async Task Output_that_was_closed_never_goes_into_a_file_of_ours()
    {
        var (exitCode, _, _) = await ShellAsync("exec \"$@\" <&- >&- 2>&-", "project", "add", "written nowhere", "--id", "p1");
        // The dotnet host opens files of its own before our first line runs; only the binary finds the places free.
        Assert.Equal(EdgeProcess.IsBinary ? 1 : exitCode, exitCode);
        Assert.Contains("written nowhere", await OkAsync("project", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trace_of_an_error_is_shown_to_who_debugs_and_to_nobody_else()
    {
        var traced = await EdgeProcess.RunAsync(_folder.FolderPath, ["bogus"], new Dictionary<string, string> { ["CRAFTKIT_EDGE__LOG__LEVEL"] = "Debug" });
        Assert.StartsWith("craftkit-edge: Unrecognized command or argument 'bogus'; see craftkit-edge --help\n", traced.Error, StringComparison.Ordinal);
        Assert.Contains("   at CraftKit.Edge.", traced.Error, StringComparison.Ordinal);
        Assert.Single((await RunAsync("bogus")).Error, '\n');
    }

    [Fact]
    public async Task Output_is_appended_to_what_a_shell_has_written_before()
    {
        var (exitCode, _, error) = await ShellAsync("{ echo before; \"$@\"; echo after; } > out.txt", "project", "list", "--json");
        Assert.True(exitCode == 0, error);
        Assert.Equal("before\n{\"projects\":[]}\nafter\n", File.ReadAllText(_folder["out.txt"]));
    }

    private async Task<(int ExitCode, string Output, string Error)> ShellAsync(string script, params string[] arguments)
    {
        var command = EdgeProcess.StartInfo(_folder.FolderPath, arguments);
        var shell = new ProcessStartInfo("bash", ["-c", script, "bash", command.FileName, .. command.ArgumentList])
        {
            WorkingDirectory = _folder.FolderPath,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(shell)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    private Task<EdgeResult> RunAsync(params string[] arguments) => EdgeProcess.RunAsync(_folder.FolderPath, arguments);

    private async Task<string> OkAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', arguments)}: {result}");
        Assert.Equal("", result.Error);
        return result.Output;
    }

    private async Task<JsonDocument> JsonAsync(params string[] arguments) => JsonDocument.Parse(await OkAsync(arguments));
}
