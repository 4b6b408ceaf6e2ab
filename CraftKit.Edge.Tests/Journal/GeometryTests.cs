using CraftKit.Edge.Events;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Journal;

public sealed class GeometryTests
{
    [Fact]
    public void Every_capacity_and_body_size_that_may_be_configured_makes_a_ring_of_four_segments_or_more()
    {
        var random = new Random(5);
        int[] bodies = [256, 65_536, 131_072, (16 << 20) - 1, 16 << 20, .. Enumerable.Range(0, 2000).Select(_ => 256 + random.Next((16 << 20) - 256))];
        foreach (var body in bodies)
        {
            var payload = EventRecord.MaxSize(body);
            foreach (var capacity in (long[])[Math.Max(1 << 20, 8L * body), Math.Max(1 << 20, (8L * body) + 4095), 64L << 20, 64L << 30])
            {
                if (capacity < 8L * body)
                    continue;
                var geometry = JournalGeometry.For(capacity, payload);

                Assert.True(geometry.IsValid);
                Assert.True(geometry.SegmentCount >= 4, $"{geometry} for {capacity} and {body}");
                Assert.True(geometry.CapacityBytes <= capacity);
                Assert.True(SegmentHead.Size + RecordHeader.SizeOf(payload) <= geometry.SegmentBytes);
                Assert.True(1L << geometry.Shift > geometry.SegmentBytes);
            }
        }
    }

    [Fact]
    public void A_capacity_of_the_default_has_segments_of_256_KiB() =>
        Assert.Equal(new JournalGeometry(256 << 10, 256), JournalGeometry.For(64 << 20, EventRecord.MaxSize(65_536)));

    [Theory]
    [InlineData(0x6969, "network file system (NFS)")]
    [InlineData(0xFF534D42, "network file system (CIFS)")]
    [InlineData(0xFE534D42, "network file system (SMB)")]
    [InlineData(0x01021997, "network file system (9p)")]
    [InlineData(0x2FC12FC1, "copies every page on write (ZFS)")]
    public void File_systems_that_cannot_hold_a_journal_are_refused_by_name(long kind, string reason) =>
        Assert.Contains(reason, FileSystemKind.Refusal(kind, "/"), StringComparison.Ordinal);

    [Theory]
    [InlineData(0xEF53)]
    [InlineData(0x58465342)]
    [InlineData(0x9123683E)]
    [InlineData(0x01021994)]
    public void Local_file_systems_are_taken(long kind) => Assert.Null(FileSystemKind.Refusal(kind, "/"));

    [Theory]
    [InlineData("fuse.sshfs", true)]
    [InlineData("fuse.glusterfs", true)]
    [InlineData("fuseblk", false)]
    [InlineData("fuse.unionfs", false)]
    public void Fuse_is_judged_by_its_name_in_the_mount_table(string mounted, bool remote) =>
        Assert.Equal(remote, FileSystemKind.IsRemoteFuse(mounted));
}
