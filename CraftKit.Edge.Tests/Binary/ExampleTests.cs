using System.Diagnostics;
using System.Text.Json;
using CraftKit.Edge.Tests.Docs;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>The examples of docs/API.md, "Client examples", each run as it stands in the page.</summary>
public sealed class ExampleTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly Markdown Page = new("docs/API.md");

    private const string BuildAlone = """
        <Project>
          <PropertyGroup>
            <UseSharedCompilation>false</UseSharedCompilation>
            <NuGetAudit>false</NuGetAudit>
          </PropertyGroup>
        </Project>
        """;

    private ServedFolder? _folder;
    private AdminClient? _admin;

    public async ValueTask InitializeAsync()
    {
        _folder = await ServedFolder.CreateAsync();
        _admin = await AdminClient.StartAsync(_folder);
    }

    public async ValueTask DisposeAsync()
    {
        _admin?.Dispose();
        if (_folder is not null)
            await _folder.DisposeAsync();
    }

    [Theory]
    [InlineData("bash", "sh", "bash")]
    [InlineData("csharp", "cs", "dotnet", "run")]
    [InlineData("js", "mjs", "node")]
    [InlineData("python", "py", "python3")]
    public async Task A_client_provisions_with_the_first_and_records_with_the_second(string language, string extension, params string[] command)
    {
        var blocks = Page.Blocks(language).ToList();
        Assert.Equal(2, blocks.Count);
        var render = $"example-{language}";
        var environment = new Dictionary<string, string>
        {
            ["CRAFTKIT_URL"] = $"http://{_folder!.EndPoint}",
            ["CRAFTKIT_ADMIN_URL"] = await AdminClient.UrlAsync(_folder.Server),
            ["CRAFTKIT_ACCOUNT_KEY"] = _admin!.AccountKey,
            ["RENDER_ID"] = render,
        };

        var key = await RunAsync(blocks[0], extension, command, environment);
        environment.Remove("CRAFTKIT_ACCOUNT_KEY");
        environment["CRAFTKIT_API_KEY"] = key;
        var told = (await RunAsync(blocks[1], extension, command, environment)).Split('\n');

        Assert.StartsWith("ck_live_", key, StringComparison.Ordinal);
        Assert.Equal(["true", "false"], told[..2].Select(line => line.ToLowerInvariant().Replace("{\"recorded\":", "", StringComparison.Ordinal).TrimEnd('}')));
        Assert.Equal("""{"viewed":1,"downloaded":0,"printed":0,"email_opened":0,"email_sent":0,"share_created":0,"share_revoked":0}""", Assert.Single(told[2..]));
        var stored = Assert.Single((await _folder.OkAsync("events", "export", "--render", render)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using var line = JsonDocument.Parse(stored);
        Assert.Equal(3, line.RootElement.GetProperty("metadata").GetProperty("page").GetInt32());
        Assert.Equal("s-7Hq2", line.RootElement.GetProperty("shareId").GetString());
    }

    /// <summary>Runs a program that must succeed.</summary>
    /// <returns>What it printed, without the last line break.</returns>
    private static async Task<string> RunAsync(string program, string extension, string[] command, IReadOnlyDictionary<string, string> environment)
    {
        using var folder = new TemporaryFolder();
        var path = folder["example." + extension];
        await File.WriteAllTextAsync(path, program, TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), path])
        {
            WorkingDirectory = folder.FolderPath,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The build of the tests leaves variables that would lead another build astray.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);

        // A lone C# file is built by itself alone: without the compiler server that earlier builds left running, which a build can wait on
        // for ever, and without asking the registry for advisories.
        await File.WriteAllTextAsync(folder["Directory.Build.props"], BuildAlone, TestContext.Current.CancellationToken);

        // What the SDK builds of a lone file goes here, and so is gone with the folder.
        start.Environment["XDG_DATA_HOME"] = Directory.CreateDirectory(folder["share"]).FullName;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(Patience));
        var inTime = process.HasExited;
        if (!inTime)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        Assert.True(inTime && process.ExitCode == 0, $"{string.Join(' ', command)} {(inTime ? $"ended with {process.ExitCode}" : "did not end")}: {await output} {await error}");
        return (await output).TrimEnd('\n');
    }
}
