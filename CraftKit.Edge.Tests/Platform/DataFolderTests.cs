using System.Runtime.Versioning;
using CraftKit.Edge.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Platform;

[UnsupportedOSPlatform("windows")]
public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_folder_is_its_owners_alone()
    {
        var folder = DataFolder.Open(_folder["a/b"]);
        Assert.Equal(_folder["a/b"], folder.FolderPath);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(folder.FolderPath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("catalog.db")]
    [InlineData("events.db")]
    [InlineData("events.journal")]
    [InlineData("lock")]
    [InlineData("config.json")]
    public void A_looser_folder_that_is_empty_or_ours_is_tightened(string file)
    {
        var path = MakeLooseFolder(file);
        DataFolder.Open(path);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_looser_folder_that_other_programs_live_in_is_refused_and_stays_as_it_is()
    {
        var path = MakeLooseFolder("passwd");
        var before = File.GetUnixFileMode(path);
        var refusal = Assert.Throws<EdgeException>(() => DataFolder.Open(path));
        Assert.Contains("holds files that are not ours", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_tight_folder_may_hold_anything()
    {
        File.WriteAllText(_folder["notes"], "");
        File.SetUnixFileMode(_folder.FolderPath, OwnerOnly);
        Assert.Equal(_folder.FolderPath, DataFolder.Open(_folder.FolderPath).FolderPath);
    }

    [Fact]
    public void A_file_in_its_place_is_refused()
    {
        File.WriteAllText(_folder["data"], "mine");
        var refusal = Assert.Throws<EdgeException>(() => DataFolder.Open(_folder["data"]));
        Assert.Equal($"{_folder["data"]}: is a file; the data folder must be a folder", refusal.Message);
        Assert.Equal("mine", File.ReadAllText(_folder["data"]));
    }

    [Fact]
    public void A_folder_below_a_file_is_refused_in_one_line()
    {
        File.WriteAllText(_folder["file"], "");
        var refusal = Assert.Throws<EdgeException>(() => DataFolder.Open(_folder["file/data"]));
        Assert.StartsWith($"{_folder["file/data"]}: cannot be used as the data folder (", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void A_command_that_only_reads_makes_no_folder()
    {
        Assert.Throws<EdgeException>(() => DataFolder.OpenExisting(_folder["data"]));
        Assert.False(Directory.Exists(_folder["data"]));
    }

    [Fact]
    public void A_new_file_is_its_owners_alone_and_has_the_folders_owner()
    {
        var folder = DataFolder.Open(_folder["data"]);
        if (Environment.IsPrivilegedProcess)
            GiveTo(12345, folder.FolderPath);
        DataFolder.CreateOwned(folder.EventsPath).Dispose();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.EventsPath));
        Assert.Equal(PosixFile.OwnerOf(folder.FolderPath), PosixFile.OwnerOf(folder.EventsPath));
    }

    [Fact]
    public void A_file_that_is_there_keeps_its_content_and_mode()
    {
        var folder = DataFolder.Open(_folder["data"]);
        File.WriteAllText(folder.LockPath, "serve");
        using (var file = DataFolder.CreateOwned(folder.LockPath))
            Assert.Equal(5, RandomAccess.GetLength(file));
        Assert.Equal("serve", File.ReadAllText(folder.LockPath));
    }

    [Fact]
    public void A_link_in_the_folder_leads_nowhere()
    {
        var folder = DataFolder.Open(_folder["data"]);
        File.WriteAllText(_folder["target"], "");
        File.CreateSymbolicLink(folder.LockPath, _folder["target"]);
        Assert.Throws<EdgeException>(() => DataFolder.CreateOwned(folder.LockPath));
    }

    private static void GiveTo(uint user, string path)
    {
        using var chown = System.Diagnostics.Process.Start("chown", [$"{user}:{user}", path]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
    }

    private string MakeLooseFolder(string file)
    {
        var path = _folder["loose"];
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherExecute);
        if (file.Length != 0)
            File.WriteAllText(Path.Combine(path, file), "");
        return path;
    }
}
