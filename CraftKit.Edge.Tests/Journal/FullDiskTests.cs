using Xunit;

namespace CraftKit.Edge.Tests.Journal;

/// <summary>Real file systems in image files, filled to the last block. The journal is in a child process: what must not happen is
/// that it dies of SIGBUS.</summary>
public sealed class FullDiskTests
{
    private const int Megabyte = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("mkfs.btrfs -q", 128, 64 * 1024)]
    [InlineData("mkfs.ext2 -q -F", 32, 8 * Megabyte)]
    [InlineData("mkfs.ext4 -q -F", 32, 8 * Megabyte)]
    public void A_journal_goes_round_on_a_disk_that_is_full(string makeFileSystem, int megabytes, int capacity)
    {
        using var disk = DiskImage.MountOrSkip(makeFileSystem, megabytes);
        Assert.Equal((0, ""), JournalChild.Run(Patience, "create", disk.Folder, capacity.ToString()));
        disk.FillUp();

        Assert.Equal((0, ""), JournalChild.Run(Patience, "fill", disk.Folder, capacity.ToString(), "2"));
    }

    [Fact]
    public void A_disk_without_room_for_the_journal_is_named_with_the_numbers()
    {
        using var disk = DiskImage.MountOrSkip("mkfs.ext2 -q -F", 8);

        var (exitCode, output) = JournalChild.Run(Patience, "create", disk.Folder, (64 * Megabyte).ToString());

        Assert.Equal(1, exitCode);
        Assert.Matches(@"^events\.journal: 67,112,960 bytes needed, [0-9,]+ free on the file system; free space or lower journal\.capacityBytes\n$", output);
        Assert.DoesNotContain(Directory.GetFiles(disk.Folder), path => path.Contains("journal", StringComparison.Ordinal));
    }
}
