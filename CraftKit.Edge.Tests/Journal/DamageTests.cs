using System.Text;
using CraftKit.Edge.Journal;
using Xunit;
using static CraftKit.Edge.Tests.Journal.JournalFixture;

namespace CraftKit.Edge.Tests.Journal;

public sealed class DamageTests : IDisposable
{
    private readonly JournalFixture _fixture = new() { CapacityBytes = 16 * 1024 };

    [Fact]
    public void A_record_torn_at_any_byte_costs_no_other_record()
    {
        var last = Write(Enumerable.Range(0, 12), 150);
        var whole = File.ReadAllBytes(_fixture.Path);
        var start = OffsetInFile(last);
        for (var cut = 0; cut < RecordHeader.Size + 150; cut++)
        {
            var torn = whole.ToArray();
            torn.AsSpan(start + cut, RecordHeader.SizeOf(150) - cut).Clear();
            _fixture.Replace(torn);
            using var recovery = _fixture.Recover();

            Assert.Equal(Enumerable.Range(0, 11), ReadAll(recovery).Select(r => r.Id));
            Assert.InRange(recovery.Report.DamagedBytes, cut == 0 ? 0 : 1, cut + 8);
            Assert.Equal(cut == 0 ? 0 : 1, recovery.Report.DamagedPlaces);
        }
    }

    [Fact]
    public void A_file_truncated_at_any_byte_gives_back_what_is_whole()
    {
        Write(Enumerable.Range(0, 24), 150);
        var whole = File.ReadAllBytes(_fixture.Path);
        var ends = RecordEnds(whole);
        using var file = File.OpenHandle(_fixture.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        for (var length = whole.Length; length >= 0; length -= length > 8192 ? 97 : 1)
        {
            RandomAccess.SetLength(file, length);
            using var recovery = _fixture.Recover();

            Assert.Equal(Enumerable.Range(0, ends.Count(end => end <= length)), ReadAll(recovery).Select(r => r.Id));
        }
    }

    [Fact]
    public void A_bit_flipped_anywhere_costs_at_most_the_record_that_it_is_in()
    {
        Write(Enumerable.Range(0, 15), 260);
        var whole = File.ReadAllBytes(_fixture.Path);
        List<Recovered> expected;
        using (var recovery = _fixture.Recover())
            expected = ReadAll(recovery);
        Assert.Equal(15, expected.Count);

        using var file = File.OpenHandle(_fixture.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        for (var offset = 0; offset < whole.Length; offset++)
        {
            var bit = (offset * 5) % 8;
            RandomAccess.Write(file, [(byte)(whole[offset] ^ (1 << bit))], offset);
            using (var recovery = _fixture.Recover())
                AssertOneLessAtMost(expected, ReadAll(recovery), offset);
            RandomAccess.Write(file, [whole[offset]], offset);
        }
    }

    [Fact]
    public void After_a_bit_flipped_anywhere_the_journal_starts_and_takes_records()
    {
        Write(Enumerable.Range(0, 15), 260);
        var whole = File.ReadAllBytes(_fixture.Path);
        var mark = _fixture.Mark;
        for (var offset = 0; offset < whole.Length; offset += 211)
        {
            _fixture.Mark = mark;
            var flipped = whole.ToArray();
            flipped[offset] ^= 0x10;
            _fixture.Replace(flipped);
            using (var journal = _fixture.Start())
            {
                Win(journal, Payload(77, 100));
                Assert.Equal([77], ReadAll(journal.Reader).Select(r => r.Id));
            }

            using var recovery = _fixture.Recover();
            Assert.Equal([77], ReadAll(recovery).Select(r => r.Id));
            Assert.Equal(0, recovery.Report.DamagedBytes);
        }
    }

    [Fact]
    public void A_damaged_decision_leaves_the_record_undecided()
    {
        var last = Write(Enumerable.Range(0, 3), 100);
        Overwrite(OffsetInFile(last) + 9, [0x5A]);

        using var recovery = _fixture.Recover();

        Assert.Equal(
            [JournalDecision.Won, JournalDecision.Won, JournalDecision.Undecided],
            ReadAll(recovery).Select(r => r.Decision));
    }

    [Fact]
    public void Records_of_a_segment_with_a_damaged_head_are_found_by_their_checks()
    {
        Write(Enumerable.Range(0, 50), 200);
        for (var segment = 0; segment < 4; segment++)
            Overwrite(4096 + (segment * 4096), Enumerable.Repeat((byte)0xDB, SegmentHead.Size).ToArray());

        using var recovery = _fixture.Recover();

        Assert.Equal(Enumerable.Range(0, 50), ReadAll(recovery).Select(r => r.Id));
        Assert.Equal(3 * SegmentHead.Size, recovery.Report.DamagedBytes);
    }

    [Fact]
    public void With_every_head_damaged_the_epoch_of_the_mark_finds_the_records()
    {
        Write(Enumerable.Range(0, 50), 200);
        var epoch = JournalHead.Read(File.ReadAllBytes(_fixture.Path), out _).Epoch;
        Overwrite(0, Enumerable.Repeat((byte)0xDB, JournalGeometry.HeadBytes).ToArray());
        for (var segment = 0; segment < 4; segment++)
            Overwrite(4096 + (segment * 4096), Enumerable.Repeat((byte)0xDB, SegmentHead.Size).ToArray());
        _fixture.Mark = _fixture.Mark!.Value with { Epoch = epoch };

        using var recovery = _fixture.Recover();

        Assert.Equal(Enumerable.Range(0, 50), ReadAll(recovery).Select(r => r.Id));
    }

    [Fact]
    public void A_payload_that_holds_a_copy_of_a_record_is_one_record()
    {
        byte[] inner;
        using (var journal = _fixture.Start())
        {
            var slot = Win(journal, Payload(1, 100));
            inner = File.ReadAllBytes(_fixture.Path).AsSpan(OffsetInFile(slot.Position), RecordHeader.SizeOf(100)).ToArray();
            Win(journal, [2, 0, 0, 0, 0, 0, 0, 0, .. inner, .. inner]);
            var torn = Win(journal, [3, 0, 0, 0, 0, 0, 0, 0, .. inner, .. inner]);
            Overwrite(OffsetInFile(torn.Position), [0xFF]);
        }

        using var recovery = _fixture.Recover();

        Assert.Equal([1, 2], ReadAll(recovery).Select(r => r.Id));
    }

    [Fact]
    public void Damaged_bytes_are_set_aside_in_a_readable_file_of_the_owner_alone()
    {
        var last = Write(Enumerable.Range(0, 3), 100);
        Overwrite(OffsetInFile(last) + RecordHeader.Size, Encoding.ASCII.GetBytes("here is damage\e[31m"));
        _fixture.Clock.SetUtcNow(new DateTimeOffset(2026, 5, 3, 10, 20, 30, 456, TimeSpan.Zero));

        using (_fixture.Start(out _, out var report))
        {
            Assert.Equal(_fixture.Path + ".damaged-20260503T102030456-1", report.SetAsidePath);
            Assert.Equal((1, RecordHeader.SizeOf(100)), (report.DamagedPlaces, (int)report.DamagedBytes));
        }

        var path = Assert.Single(Directory.GetFiles(_fixture.Folder, "*.damaged-*"));
        var text = File.ReadAllText(path);
        Assert.Contains("68 65 72 65 20 69 73 20 64 61 6d 61 67 65 1b 5b", text, StringComparison.Ordinal);
        Assert.Contains("here is damage.[", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, character => char.IsControl(character) && character != '\n');
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public void Looking_at_a_journal_changes_nothing()
    {
        var last = Write(Enumerable.Range(0, 3), 100);
        Overwrite(OffsetInFile(last) + RecordHeader.Size, [1, 2, 3]);
        var before = File.ReadAllBytes(_fixture.Path);

        using (var recovery = _fixture.Recover())
            ReadAll(recovery);

        Assert.Equal(before, File.ReadAllBytes(_fixture.Path));
        Assert.Equal([_fixture.Path], Directory.GetFileSystemEntries(_fixture.Folder));
    }

    [Fact]
    public void What_cannot_be_set_aside_stays_in_the_journal_and_is_set_aside_later()
    {
        var last = Write(Enumerable.Range(0, 3), 100);
        Overwrite(OffsetInFile(last) + RecordHeader.Size, Encoding.ASCII.GetBytes("precious"));

        // A name that the file system refuses stands in for a full disk.
        var longest = new string('j', 250);
        File.Move(_fixture.Path, System.IO.Path.Combine(_fixture.Folder, longest));
        var options = _fixture.Options with { Path = System.IO.Path.Combine(_fixture.Folder, longest) };
        JournalMark mark;
        using (var recovery = JournalRecovery.Open(options, _fixture.Mark, _fixture.Clock))
        {
            mark = recovery.MarkAt(recovery.EndPosition);
            using var journal = JournalFile.StartEpoch(options, recovery, mark);
            Assert.NotNull(recovery.Report.SetAsideFailure);
            Assert.Equal(3 * 4096, journal.CapacityBytes);
            for (var i = 0; i < 100; i++)
            {
                Win(journal, Payload(i, 200));
                ReadAll(journal.Reader);
                journal.Reader.Release(journal.Reader.Position);
            }

            mark = journal.MarkAt(journal.Reader.Position);
        }

        File.Move(options.Path, _fixture.Path);
        _fixture.Mark = mark;
        using (_fixture.Start(out var records, out _))
            Assert.Empty(records);
        var text = File.ReadAllText(Assert.Single(Directory.GetFiles(_fixture.Folder, "*.damaged-*")));
        Assert.Contains("precious", text, StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();

    /// <summary>A journal with these records, won; the position of the last.</summary>
    private long Write(IEnumerable<int> ids, int length)
    {
        using var journal = _fixture.Start();
        var position = 0L;
        foreach (var id in ids)
            position = Win(journal, Payload(id, length), delay: id).Position;
        return position;
    }

    private int OffsetInFile(long position)
    {
        var geometry = JournalGeometry.For(_fixture.CapacityBytes, _fixture.MaxPayloadBytes);
        var number = (position >> geometry.Shift) - ((_fixture.Mark!.Value.Position >> geometry.Shift) + 1);
        return (int)geometry.FileOffset((int)number) + (int)(position & ((1L << geometry.Shift) - 1));
    }

    private void Overwrite(int offset, ReadOnlySpan<byte> bytes)
    {
        using var file = File.OpenHandle(_fixture.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.Write(file, bytes, offset);
    }

    private static void AssertOneLessAtMost(List<Recovered> expected, List<Recovered> found, int offset)
    {
        var missing = expected.Count - found.Count;
        Assert.True(missing is 0 or 1, $"{missing} records missing after a flip at {offset}");
        var (e, changed) = (0, missing);
        foreach (var record in found)
        {
            if (expected[e].Position != record.Position && missing == 1)
                (e, missing) = (e + 1, 0);
            var same = expected[e++];
            if (record.Decision == JournalDecision.Undecided)
                (same, changed) = (same with { Decision = JournalDecision.Undecided, ClaimDelay = 0 }, changed + 1);
            Assert.Equal(same, record);
        }

        Assert.True(changed <= 1, $"{changed} records changed by a flip at {offset}");
    }

    private static List<long> RecordEnds(byte[] file)
    {
        var ends = new List<long>();
        for (var segment = 4096; segment < file.Length; segment += 4096)
        {
            var offset = segment + SegmentHead.Size;
            while (offset + 8 <= segment + 4096 && RecordWord.Length(BitConverter.ToUInt64(file, offset)) is > 0 and var length)
            {
                ends.Add(offset + RecordHeader.Size + length);
                offset += RecordHeader.SizeOf(length);
            }
        }

        return ends;
    }
}
