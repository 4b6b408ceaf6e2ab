using System.Diagnostics;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Cli;

/// <summary>What the program shows on a terminal, and how shells complete its lines: in real terminals and shells.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TerminalTests()
    {
        // The scripts call the program by its name.
        var command = EdgeProcess.StartInfo(_folder.FolderPath, []);
        var path = _folder["craftkit-edge"];
        File.WriteAllText(path, $"#!/bin/sh\nexec {string.Join(' ', command.ArgumentList.Prepend(command.FileName).Select(word => $"'{word}'"))} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Help_is_plain_where_no_terminal_is()
    {
        var help = Run("bash", "craftkit-edge project add --help");
        Assert.DoesNotContain('\u001b', help);
        Assert.Contains("\nExamples:\n  # with an id that can be remembered\n  craftkit-edge project add \"Customer portal\" --id portal\n", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM=xterm", true)]
    [InlineData("TERM=dumb", false)]
    [InlineData("TERM=xterm NO_COLOR=1", false)]
    [InlineData("TERM=xterm NO_COLOR=", true)]
    public void Help_on_a_terminal_is_coloured_unless_it_may_not_be(string environment, bool isColoured)
    {
        var help = Run("bash", $"env {environment} script -qec 'craftkit-edge key create --help' /dev/null");
        Assert.Equal(isColoured, help.Contains("\u001b[1mExamples:\u001b[0m", StringComparison.Ordinal));
        Assert.Equal(isColoured, help.Contains("\u001b[36m--project <ID> (REQUIRED)\u001b[0m", StringComparison.Ordinal));
        Assert.Contains("craftkit-edge key create --project portal --name backend", help, StringComparison.Ordinal);

        // Nor any other sequence, as for the keypad.
        Assert.Equal(isColoured, help.Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public void Help_is_as_wide_as_the_terminal()
    {
        var help = Run("bash", "TERM=dumb script -qec 'stty cols 60; craftkit-edge serve --help' /dev/null").Replace("\r", "", StringComparison.Ordinal);
        var (options, examples) = (help.IndexOf("Options:", StringComparison.Ordinal), help.IndexOf("Examples:", StringComparison.Ordinal));
        Assert.All(help[options..examples].Split('\n'), line => Assert.InRange(line.Length, 0, 60));
    }

    [Theory]
    [InlineData("craftkit-edge pro", "project")]
    [InlineData("craftkit-edge events export --format ", "csv jsonl")]
    [InlineData("craftkit-edge render import ./", "")]
    [InlineData("craftkit-edge render import ", "")]
    [InlineData("craftkit-edge project a", "add")]
    [InlineData("craftkit-edge check --full --j", "--json")]
    [InlineData("craftkit-edge serve --demo --u", "--url")]
    [InlineData("craftkit-edge check --full ", "")]
    public void Bash_completes(string line, string words) => Assert.Equal(words, Run(
        "bash",
        $"source <(craftkit-edge completion bash); COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}; _craftkit_edge; echo -n \"${{COMPREPLY[*]}}\""));

    [Theory]
    [InlineData("craftkit-edge pro", "project\tProjects, the owners of keys and renders\n")]
    [InlineData("craftkit-edge render import craft", "craftkit-edge\n")]
    public void Fish_completes(string line, string answer)
    {
        Require("fish");
        Assert.Equal(answer, Run("fish", $"craftkit-edge completion fish | source; complete -C '{line}'"));
    }

    [Theory]
    [InlineData("craftkit-edge pro", "project:Projects, the owners of keys and renders\n")]
    [InlineData("craftkit-edge render import ./", "files\n")]
    public void Zsh_completes(string line, string answer)
    {
        Require("zsh");
        // The completion system calls the function with these two; what the function calls back is told instead of shown.
        Assert.Equal(answer, Run("zsh", $$"""
            compdef() { : }
            _describe() { print -l -- "${(P@)2}" }
            _files() { print files }
            source <(craftkit-edge completion zsh)
            words=({{line}}); CURRENT=${#words}
            _craftkit-edge
            """));
    }

    [Fact]
    public async Task Another_shell_is_refused()
    {
        var result = await EdgeProcess.RunAsync(_folder.FolderPath, ["completion", "csh"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("craftkit-edge: \"csh\" is none of bash, zsh, fish\n", result.Error);
    }

    [Theory]
    [InlineData(null, "xterm", true)]
    [InlineData("", "xterm-256color", true)]
    [InlineData("1", "xterm", false)]
    [InlineData(null, "dumb", false)]
    [InlineData(null, null, false)]
    public void The_environment_decides_about_colours(string? noColor, string? term, bool allows) =>
        Assert.Equal(allows, TerminalStyle.Allows(name => name == "NO_COLOR" ? noColor : term));

    private static void Require(string shell)
    {
        var isThere = Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, shell)));
        Assert.SkipUnless(isThere, $"{shell} is not installed");
    }

    private string Run(string shell, string script)
    {
        var start = new ProcessStartInfo(shell, shell == "fish" ? ["--no-config", "-c", script] : shell == "zsh" ? ["-f", "-c", script] : ["--norc", "-c", script])
        {
            WorkingDirectory = _folder.FolderPath,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_folder.FolderPath}:{start.Environment["PATH"]}";
        start.Environment["HOME"] = _folder.FolderPath;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        return output;
    }
}
