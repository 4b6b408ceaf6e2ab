using System.Diagnostics;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary><c>serve --demo</c> in an empty folder: what it prints works when it is pasted.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_curl_line_records_an_event_when_a_shell_runs_it()
    {
        using var empty = new Platform.TemporaryFolder();
        await using var first = EdgeProcess.Start(empty.FolderPath, ["serve", "--demo", "--url", "http://127.0.0.1:0", "--admin-url", ""]);
        var line = await first.WaitForOutputAsync("curl ");
        Assert.StartsWith("curl ", line, StringComparison.Ordinal);
        Assert.Equal("{\"recorded\":true}", await ShellAsync(line));
        Assert.Equal("{\"recorded\":false}", await ShellAsync(line));
        first.Signal("INT");
        Assert.Equal(0, (await first.WaitAsync()).ExitCode);

        // Again in the same folder: another key, the same render, and the window goes on.
        await using var second = EdgeProcess.Start(empty.FolderPath, ["--demo", "--url", "http://127.0.0.1:0", "--admin-url", ""]);
        var again = await second.WaitForOutputAsync("curl ");
        Assert.NotEqual(line, again);
        Assert.Equal("{\"recorded\":false}", await ShellAsync(again));
        Assert.Equal("{\"recorded\":true}", await ShellAsync(again.Replace("viewed", "printed", StringComparison.Ordinal)));
        second.Signal("TERM");
        Assert.Equal(0, (await second.WaitAsync()).ExitCode);
        var export = await EdgeProcess.RunAsync(empty.FolderPath, ["events", "export"]);
        Assert.Equal(2, export.Output.Count(character => character == '\n'));
        Assert.DoesNotContain("ck_live_", first.Error + second.Error, StringComparison.Ordinal);
    }

    private static async Task<string> ShellAsync(string line)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", line]) { RedirectStandardOutput = true })!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
        return output;
    }
}
