using CraftKit.Edge.Journal;
using CraftKit.Edge.Platform;
using Xunit;
using static CraftKit.Edge.Tests.Journal.JournalFixture;

namespace CraftKit.Edge.Tests.Journal;

public sealed class ForeignFileTests : IDisposable
{
    private readonly JournalFixture _fixture = new();

    public static TheoryData<string, byte[]> ForeignContents => new()
    {
        { "one byte", [1] },
        { "text", System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("no journal at all\n", 4000))) },
        { "noise", Noise(100_000) },
        { "noise of the right size", Noise(4096 + (32 * 1024)) },
        { "a newer version", NewerVersion() },
    };

    [Theory]
    [MemberData(nameof(ForeignContents))]
    public void A_foreign_file_gives_nothing_is_renamed_and_replaced(string what, byte[] content)
    {
        _fixture.Replace(content);

        using var journal = _fixture.Start(out var records, out var report);
        Win(journal, Payload(1, 100));

        Assert.Empty(records);
        Assert.NotNull(report.Refusal);
        Assert.Equal(what == "a newer version", report.Refusal!.Contains("version 2", StringComparison.Ordinal));
        Assert.Equal(content.Length, report.DamagedBytes);
        Assert.Equal(content, File.ReadAllBytes(report.SetAsidePath!));
        Assert.Equal([1], ReadAll(journal.Reader).Select(r => r.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(40_000)]
    [InlineData(4096 + (32 * 1024))]
    public void A_file_of_zeros_is_an_empty_journal(int length)
    {
        _fixture.Replace(new byte[length]);

        using var journal = _fixture.Start(out var records, out var report);

        Assert.Empty(records);
        Assert.Equal((null, 0L, null), (report.Refusal, report.DamagedBytes, report.SetAsidePath));
        Assert.Equal([_fixture.Path], Directory.GetFileSystemEntries(_fixture.Folder));
    }

    [Fact]
    public void A_journal_of_another_data_folder_is_not_replayed()
    {
        using var other = new JournalFixture();
        using (var journal = other.Start())
            Win(journal, Payload(1, 100));
        _fixture.Start().Dispose();
        File.Copy(other.Path, _fixture.Path, overwrite: true);

        using var next = _fixture.Start(out var records, out var report);

        Assert.Empty(records);
        Assert.Equal("belongs to another data folder", report.Refusal);
        other.Mark = null;
        File.Copy(report.SetAsidePath!, other.Path, overwrite: true);
        using var recovery = other.Recover();
        Assert.Equal([1], ReadAll(recovery).Select(r => r.Id));
    }

    [Fact]
    public void A_store_without_a_mark_adopts_the_journal_beside_it()
    {
        using (var journal = _fixture.Start())
            Win(journal, Payload(1, 100));
        var lineage = _fixture.Mark!.Value.Lineage;
        _fixture.Mark = null;

        using var next = _fixture.Start(out var records, out _);

        Assert.Equal([1], records.Select(r => r.Id));
        Assert.Equal(lineage, _fixture.Mark!.Value.Lineage);
    }

    [Fact]
    public void An_older_database_beside_the_journal_gets_what_it_lacks_once()
    {
        JournalMark old;
        using (var journal = _fixture.Start())
        {
            Win(journal, Payload(1, 100));
            old = journal.MarkAt(ReadAll(journal.Reader)[^1].EndPosition);
        }

        // Two more epochs, the last with records that the copy of the database has never heard of.
        _fixture.Start().Dispose();
        using (var journal = _fixture.Start())
        {
            Win(journal, Payload(2, 100));
            Win(journal, Payload(3, 100));
        }

        _fixture.Mark = old;
        using (_fixture.Start(out var records, out _))
            Assert.Equal([2, 3], records.Select(r => r.Id));
        using (_fixture.Start(out var again, out _))
            Assert.Empty(again);
    }

    [Fact]
    public void An_older_journal_beside_the_database_is_not_replayed_again()
    {
        using (var journal = _fixture.Start())
        {
            for (var i = 0; i < 10; i++)
                Win(journal, Payload(i, 100));
        }

        var copy = File.ReadAllBytes(_fixture.Path);
        using (var journal = _fixture.Start(out var stored, out _))
        {
            Assert.Equal(10, stored.Count);
            Win(journal, Payload(10, 100));
            _fixture.Mark = journal.MarkAt(ReadAll(journal.Reader)[^1].EndPosition);
        }

        _fixture.Replace(copy);

        using var next = _fixture.Start(out var records, out _);
        Assert.Empty(records);
    }

    [Fact]
    public void Bytes_of_an_older_epoch_in_a_segment_of_the_new_one_are_never_a_record()
    {
        using (var journal = _fixture.Start())
        {
            for (var i = 0; i < 15; i++)
                Win(journal, Payload(i, 200));
        }

        var old = File.ReadAllBytes(_fixture.Path);
        using (var journal = _fixture.Start())
            Win(journal, Payload(20, 200));
        var mixed = File.ReadAllBytes(_fixture.Path);
        var after = 4096 + SegmentHead.Size + RecordHeader.SizeOf(200);
        old.AsSpan(after, 2000).CopyTo(mixed.AsSpan(after));
        _fixture.Replace(mixed);

        using var recovery = _fixture.Recover();

        Assert.Equal([20], ReadAll(recovery).Select(r => r.Id));
    }

    [Theory]
    [InlineData(64 * 1024, 1000)]
    [InlineData(16 * 1024, 1000)]
    [InlineData(1024 * 1024, 60_000)]
    public void A_journal_of_another_size_is_drained_and_replaced(long capacity, int maxPayload)
    {
        using (var journal = _fixture.Start())
        {
            for (var i = 0; i < 100; i++)
                Win(journal, Payload(i, 200));
        }

        (_fixture.CapacityBytes, _fixture.MaxPayloadBytes) = (capacity, maxPayload);
        using var next = _fixture.Start(out var records, out _);

        Assert.Equal(Enumerable.Range(0, 100), records.Select(r => r.Id));
        Assert.Equal(JournalGeometry.For(capacity, maxPayload).FileBytes, new FileInfo(_fixture.Path).Length);
        Assert.True(Win(next, Payload(1, 100)).Position > records[^1].EndPosition);
        Assert.Equal([_fixture.Path], Directory.GetFileSystemEntries(_fixture.Folder));
    }

    [Fact]
    public void A_journal_that_somebody_made_longer_is_drained_and_replaced()
    {
        using (var journal = _fixture.Start())
            Win(journal, Payload(1, 100));
        using (var file = File.OpenHandle(_fixture.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
            RandomAccess.SetLength(file, RandomAccess.GetLength(file) + 12_345);

        using var next = _fixture.Start(out var records, out var report);

        Assert.Equal([1], records.Select(r => r.Id));
        Assert.Equal(0, report.DamagedBytes);
        Assert.Equal(4096 + (32 * 1024), new FileInfo(_fixture.Path).Length);
    }

    [Fact]
    public void A_sparse_copy_is_replaced_by_a_file_that_has_its_storage()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "blocks are only counted on Linux");
        _fixture.CapacityBytes = 1024 * 1024;
        using (var journal = _fixture.Start())
            Win(journal, Payload(1, 100));
        var content = File.ReadAllBytes(_fixture.Path);
        File.Delete(_fixture.Path);
        using (var file = File.OpenHandle(_fixture.Path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            RandomAccess.Write(file, content.AsSpan(0, 8192), 0);
            RandomAccess.SetLength(file, content.Length);
            Assert.NotNull(PreallocatedFile.Unfitness(file, _fixture.Path));
        }

        using (_fixture.Start(out var records, out _))
            Assert.Equal([1], records.Select(r => r.Id));

        using var replaced = File.OpenHandle(_fixture.Path);
        Assert.Null(PreallocatedFile.Unfitness(replaced, _fixture.Path));
    }

    [Fact]
    public void A_new_journal_is_for_its_owner_alone_and_leaves_nothing_beside_it()
    {
        File.WriteAllText(_fixture.Path + ".new", "left by a crash");

        _fixture.Start().Dispose();

        Assert.Equal([_fixture.Path], Directory.GetFileSystemEntries(_fixture.Folder));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(_fixture.Path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public void A_path_that_is_a_folder_is_refused_with_one_line()
    {
        Directory.CreateDirectory(_fixture.Path);

        var failure = Assert.Throws<EdgeException>(() => _fixture.Recover());

        Assert.StartsWith("events.journal: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    public void Dispose() => _fixture.Dispose();

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    private static byte[] NewerVersion()
    {
        var bytes = new byte[8192];
        BitConverter.TryWriteBytes(bytes, JournalHead.MagicValue);
        bytes[8] = 2;
        return bytes;
    }
}
