using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using CraftKit.Edge.Cli;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Cli;

[UnsupportedOSPlatform("windows")]
public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_appears_when_it_is_whole()
    {
        File.WriteAllText(_folder["out"], "what was there before, which is longer");
        using (var file = Create("out"))
        {
            file.Stream.Write("new"u8);
            Assert.Equal("what was there before, which is longer", File.ReadAllText(_folder["out"]));
            file.Complete(() => file.Stream.Write("er"u8));
        }

        Assert.Equal("newer", File.ReadAllText(_folder["out"]));
        Assert.Single(Directory.GetFiles(_folder.FolderPath));
    }

    [Fact]
    public void A_command_that_fails_leaves_what_was_there()
    {
        File.WriteAllText(_folder["out"], "before");
        using (var file = Create("out"))
            file.Stream.Write("half"u8);
        Assert.Equal("before", File.ReadAllText(_folder["out"]));
        Assert.Single(Directory.GetFiles(_folder.FolderPath));
    }

    [Fact]
    public async Task A_pipe_is_written_and_stays_a_pipe()
    {
        using (var make = Process.Start("mkfifo", [_folder["pipe"]]))
            await make.WaitForExitAsync();
        var reader = Task.Run(() => File.ReadAllText(_folder["pipe"]));
        using (var file = Create("pipe"))
        {
            file.Stream.Write("through"u8);
            file.Complete(() => { });
        }

        Assert.Equal("through", await reader);
        Assert.True(File.Exists(_folder["pipe"]));
        Assert.False(PosixFile.IsRegularFile(_folder["pipe"]));
    }

    [Fact]
    public void A_link_is_followed_and_stays_a_link()
    {
        File.WriteAllText(_folder["target"], "what was there before");
        File.CreateSymbolicLink(_folder["link"], _folder["target"]);
        using (var file = Create("link"))
        {
            file.Stream.Write("new"u8);
            file.Complete(() => { });
        }

        Assert.Equal("new", File.ReadAllText(_folder["target"]));
        Assert.NotNull(new FileInfo(_folder["link"]).LinkTarget);
    }

    [Fact]
    public void Nothing_is_put_into_the_data_folder()
    {
        var refusal = Assert.Throws<EdgeException>(() => OutputFile.Create(_folder["data/events.db"], _folder["data"]));
        Assert.Equal(2, refusal.ExitCode);
    }

    [Theory]
    [InlineData("nowhere/out")]
    [InlineData(".")]
    public void A_place_that_cannot_be_written_is_named_in_one_line(string path)
    {
        var refusal = Assert.Throws<EdgeException>(() => Create(path));
        Assert.StartsWith($"{_folder[path]}: cannot be created (", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void A_full_disk_is_told_with_the_files_name()
    {
        using var file = OutputFile.Create("/dev/full", _folder["data"]);
        var format = new EventJsonLines(file.Stream);
        var bytes = Encoding.UTF8.GetBytes(new string('x', 100_000));
        var failure = Assert.Throws<EdgeException>(() => file.Complete(() =>
        {
            file.Stream.Write(bytes);
            format.Flush();
        }));
        Assert.StartsWith("/dev/full: cannot be written (", failure.Message, StringComparison.Ordinal);
    }

    private OutputFile Create(string name) => OutputFile.Create(_folder[name], _folder["data"]);
}
