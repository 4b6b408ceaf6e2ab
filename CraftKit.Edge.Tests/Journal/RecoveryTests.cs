using System.Runtime.InteropServices;
using CraftKit.Edge.Journal;
using Xunit;
using static CraftKit.Edge.Tests.Journal.JournalFixture;

namespace CraftKit.Edge.Tests.Journal;

public sealed class RecoveryTests : IDisposable
{
    private readonly JournalFixture _fixture = new();

    [Fact]
    public void A_restart_gives_back_what_the_store_lacks_and_nothing_else()
    {
        using (var journal = _fixture.Start())
        {
            for (var i = 0; i < 5; i++)
                Win(journal, Payload(i, 100), delay: i);
            _fixture.Mark = journal.MarkAt(ReadAll(journal.Reader)[2].EndPosition);
        }

        using var next = _fixture.Start(out var records, out var report);

        Assert.Equal([3, 4], records.Select(r => r.Id));
        Assert.Equal([3L, 4L], records.Select(r => r.ClaimDelay));
        Assert.All(records, r => Assert.Equal(Boot, r.BootId));
        Assert.Equal((2, 3, 0), (report.Won, report.AlreadyStored, report.DamagedBytes));
    }

    [Fact]
    public void Recovery_gives_every_kind_of_record_its_due()
    {
        using (var journal = _fixture.Start())
        {
            Win(journal, Payload(1, 100), delay: 5);
            Publish(journal, Payload(2, 100));
            Publish(journal, Payload(3, 100)).MarkVoid();
            Reserve(journal, Payload(4, 100));
            Reserve(journal, Payload(5, 100)).MarkVoid();
            Win(journal, Payload(6, 100));
        }

        using var recovery = _fixture.Recover();
        var records = ReadAll(recovery);

        Assert.Equal([1, 2, 6], records.Select(r => r.Id));
        Assert.Equal([JournalDecision.Won, JournalDecision.Undecided, JournalDecision.Won], records.Select(r => r.Decision));
        var report = recovery.Report;
        Assert.Equal((2, 1, 2, 1, 0), (report.Won, report.Undecided, report.Voided, report.Unfinished, report.DamagedBytes));
    }

    [Fact]
    public void A_second_pass_gives_the_same_records()
    {
        using (var journal = _fixture.Start())
        {
            for (var i = 0; i < 80; i++)
                Win(journal, Payload(i, 200));
        }

        using var recovery = _fixture.Recover();
        var first = ReadAll(recovery);
        recovery.Rewind();

        Assert.Equal(80, first.Count);
        Assert.Equal(first, ReadAll(recovery));
    }

    [Fact]
    public void After_many_laps_records_come_back_in_the_order_of_positions()
    {
        using (var journal = _fixture.Start())
        {
            for (var i = 0; i < 1000; i++)
            {
                Win(journal, Payload(i, 200));
                if (i is >= 950 || i % 13 != 0)
                    continue;
                var read = ReadAll(journal.Reader);
                _fixture.Mark = journal.MarkAt(read[^1].EndPosition);
                journal.Reader.Release(read[^1].EndPosition);
            }
        }

        using var recovery = _fixture.Recover();
        var records = ReadAll(recovery);

        Assert.Equal(Enumerable.Range(records[0].Id, records.Count), records.Select(r => r.Id));
        Assert.Equal(999, records[^1].Id);
        Assert.True(records.Count >= 50);
        Assert.Equal(0, recovery.Report.DamagedBytes);
    }

    [Fact]
    public void Positions_go_on_from_epoch_to_epoch()
    {
        var last = 0L;
        for (var epoch = 0; epoch < 5; epoch++)
        {
            using var journal = _fixture.Start();
            var slot = Win(journal, Payload(epoch, 100));
            Assert.True(slot.Position > last);
            Assert.True(slot.Position > _fixture.Mark!.Value.Position);
            last = slot.Position;
        }
    }

    [Fact]
    public void A_start_may_be_killed_after_the_new_head_and_before_the_segments_are_zero()
    {
        using (var journal = _fixture.Start())
        {
            for (var i = 0; i < 40; i++)
                Win(journal, Payload(i, 200));
        }

        var old = File.ReadAllBytes(_fixture.Path);
        _fixture.Start().Dispose();
        var heads = File.ReadAllBytes(_fixture.Path).AsSpan(0, JournalGeometry.HeadBytes);
        heads.CopyTo(old);
        _fixture.Replace(old);

        using var next = _fixture.Start(out var records, out var report);

        Assert.Empty(records);
        Assert.Equal((40, 0), (report.AlreadyStored, report.DamagedBytes));
        for (var i = 40; i < 100; i++)
            Win(next, Payload(i, 200));
        Assert.Equal(Enumerable.Range(40, 60), ReadAll(next.Reader).Select(r => r.Id));
    }

    [Fact]
    public void A_start_may_be_killed_before_the_store_has_a_mark_of_the_new_epoch()
    {
        _fixture.Start().Dispose();
        using (var journal = _fixture.Start())
            Win(journal, Payload(1, 100));

        using var recovery = _fixture.Recover();

        Assert.Equal([1], ReadAll(recovery).Select(r => r.Id));
    }

    [Fact]
    public void A_torn_new_head_leaves_the_old_one_in_force()
    {
        using (var journal = _fixture.Start())
            Win(journal, Payload(1, 100));
        var before = File.ReadAllBytes(_fixture.Path);
        var mark = _fixture.Mark;
        _fixture.Start().Dispose();
        var after = File.ReadAllBytes(_fixture.Path);
        _fixture.Mark = mark;

        for (var cut = 0; cut < JournalHead.Size; cut++)
        {
            var torn = before.ToArray();
            after.AsSpan(JournalHead.CopyDistance, cut).CopyTo(torn.AsSpan(JournalHead.CopyDistance));
            _fixture.Replace(torn);
            using var recovery = _fixture.Recover();
            Assert.Equal([1], ReadAll(recovery).Select(r => r.Id));
            Assert.Equal(0, recovery.Report.DamagedBytes);
        }
    }

    [Fact]
    public void Zeroing_a_segment_may_be_killed_anywhere_without_looking_like_damage()
    {
        using (var journal = _fixture.Start())
        {
            for (var i = 0; i < 30; i++)
                Win(journal, Payload(i, 200));
            _fixture.Mark = journal.MarkAt(ReadAll(journal.Reader)[^1].EndPosition);
        }

        var whole = File.ReadAllBytes(_fixture.Path);
        MemoryMarshal.Write(whole.AsSpan(4096), SegmentHead.Released);
        for (var zeroed = 0; zeroed <= 4096 - SegmentHead.Size; zeroed += 4)
        {
            var cut = whole.ToArray();
            cut.AsSpan(4096 + SegmentHead.Size, zeroed).Clear();
            AssertNothing(cut);
        }

        whole.AsSpan(4096 + SegmentHead.Size, 4096 - SegmentHead.Size).Clear();
        for (var zeroed = 0; zeroed <= SegmentHead.Size - 8; zeroed += 4)
        {
            var cut = whole.ToArray();
            cut.AsSpan(4096 + 8, zeroed).Clear();
            AssertNothing(cut);
        }

        void AssertNothing(byte[] file)
        {
            _fixture.Replace(file);
            using var recovery = _fixture.Recover();
            Assert.Empty(ReadAll(recovery));
            Assert.Equal(0, recovery.Report.DamagedBytes);
        }
    }

    [Fact]
    public void An_append_may_be_killed_after_any_store_without_looking_like_damage()
    {
        byte[] reserved, filled, published;
        using (var journal = _fixture.Start())
        {
            Win(journal, Payload(1, 100));
            Assert.Equal(AppendStatus.Reserved, journal.TryReserve(300, out var slot));
            reserved = File.ReadAllBytes(_fixture.Path);
            Payload(2, 300).CopyTo(slot.Payload);
            filled = File.ReadAllBytes(_fixture.Path);
            slot.Publish();
            published = File.ReadAllBytes(_fixture.Path);
        }

        var record = 4096 + SegmentHead.Size + RecordHeader.SizeOf(100);
        for (var bytes = 0; bytes <= 300; bytes++)
        {
            var cut = reserved.ToArray();
            filled.AsSpan(record + RecordHeader.Size, bytes).CopyTo(cut.AsSpan(record + RecordHeader.Size));
            AssertRecords(cut, [1], unfinished: 1);
        }

        reserved.AsSpan(record + 24, 8).Clear();
        AssertRecords(reserved, [1], unfinished: 1);
        reserved.AsSpan(record, 8).Clear();
        AssertRecords(reserved, [1], unfinished: 0);
        published.AsSpan(record + 16, 8).CopyTo(filled.AsSpan(record + 16));
        AssertRecords(filled, [1], unfinished: 1);
        AssertRecords(published, [1, 2], unfinished: 0);

        void AssertRecords(byte[] file, int[] ids, int unfinished)
        {
            _fixture.Replace(file);
            using var recovery = _fixture.Recover();
            Assert.Equal(ids, ReadAll(recovery).Select(r => r.Id));
            Assert.Equal((unfinished, 0), (recovery.Report.Unfinished, recovery.Report.DamagedBytes));
        }
    }

    [Fact]
    public void The_store_must_have_everything_before_an_epoch_starts()
    {
        using (var journal = _fixture.Start())
            Win(journal, Payload(1, 100));
        using var recovery = _fixture.Recover();

        Assert.Throws<InvalidOperationException>(() => JournalFile.StartEpoch(_fixture.Options, recovery, _fixture.Mark!.Value));
    }

    public void Dispose() => _fixture.Dispose();
}
