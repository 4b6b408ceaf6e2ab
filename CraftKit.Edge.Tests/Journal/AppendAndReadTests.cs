using CraftKit.Edge.Journal;
using Xunit;
using static CraftKit.Edge.Tests.Journal.JournalFixture;

namespace CraftKit.Edge.Tests.Journal;

public sealed class AppendAndReadTests : IDisposable
{
    private readonly JournalFixture _fixture = new();

    [Fact]
    public void Records_come_back_in_the_order_of_appending_with_their_claim_delays()
    {
        using var journal = _fixture.Start();
        for (var i = 0; i < 20; i++)
            Win(journal, Payload(i, 10 * i), delay: i * 7L);

        var records = ReadAll(journal.Reader);

        Assert.Equal(Enumerable.Range(0, 20), records.Select(r => r.Id));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => Convert.ToHexString(Payload(i, 10 * i))), records.Select(r => r.Payload));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i * 7L), records.Select(r => r.ClaimDelay));
        Assert.All(records, r => Assert.Equal(Boot, r.BootId));
        Assert.Equal(journal.TailPosition, journal.Reader.Position);
    }

    [Fact]
    public void The_reader_waits_at_a_record_that_is_not_published()
    {
        using var journal = _fixture.Start();
        var first = Reserve(journal, Payload(1, 50));
        Win(journal, Payload(2, 50));

        Assert.Equal(ReadStatus.None, journal.Reader.TryRead(out _));

        first.Publish();
        first.MarkWon(0);
        Assert.Equal([1, 2], ReadAll(journal.Reader).Select(r => r.Id));
    }

    [Fact]
    public void The_reader_waits_at_a_record_that_is_not_decided()
    {
        using var journal = _fixture.Start();
        var first = Publish(journal, Payload(1, 50));
        Win(journal, Payload(2, 50));
        var before = journal.Reader.Position;

        Assert.Equal(ReadStatus.Undecided, journal.Reader.TryRead(out _));
        Assert.Equal(before, journal.Reader.Position);

        first.MarkWon(9);
        Assert.Equal([1, 2], ReadAll(journal.Reader).Select(r => r.Id));
    }

    [Fact]
    public void Void_records_are_passed_over_and_their_end_counts()
    {
        using var journal = _fixture.Start();
        Publish(journal, Payload(1, 50)).MarkVoid();
        Win(journal, Payload(2, 50));
        Publish(journal, Payload(3, 50)).MarkVoid();

        Assert.Equal([2], ReadAll(journal.Reader).Select(r => r.Id));
        Assert.Equal(journal.TailPosition, journal.Reader.Position);
    }

    [Fact]
    public void Who_cannot_go_on_voids_a_record_that_is_only_reserved()
    {
        using var journal = _fixture.Start();
        Reserve(journal, Payload(1, 50)).MarkVoid();
        Win(journal, Payload(2, 50));

        Assert.Equal([2], ReadAll(journal.Reader).Select(r => r.Id));
    }

    [Fact]
    public void A_payload_longer_than_the_journal_was_laid_out_for_takes_nothing()
    {
        using var journal = _fixture.Start();
        var tail = journal.TailPosition;

        Assert.Equal(AppendStatus.TooLarge, journal.TryReserve(_fixture.MaxPayloadBytes + 1, out _));
        Assert.Equal(tail, journal.TailPosition);
        Assert.Throws<ArgumentOutOfRangeException>(() => journal.TryReserve(0, out _));
    }

    [Fact]
    public void The_largest_payload_fits_a_segment()
    {
        _fixture.MaxPayloadBytes = 4096 - SegmentHead.Size - RecordHeader.Size;
        _fixture.CapacityBytes = 16 * 1024;
        using var journal = _fixture.Start();

        for (var i = 0; i < 4; i++)
            Win(journal, Payload(i, _fixture.MaxPayloadBytes));

        Assert.Equal(AppendStatus.Full, journal.TryReserve(1, out _));
        Assert.Equal([0, 1, 2, 3], ReadAll(journal.Reader).Select(r => r.Id));
    }

    [Fact]
    public void A_full_journal_takes_exactly_what_it_has_room_for_and_recovers_when_released()
    {
        using var journal = _fixture.Start();
        var size = RecordHeader.SizeOf(200);
        var geometry = JournalGeometry.For(_fixture.CapacityBytes, _fixture.MaxPayloadBytes);
        var inSegment = (geometry.SegmentBytes - SegmentHead.Size) / size;

        for (var lap = 0; lap < 5; lap++)
        {
            var taken = 0;
            while (journal.TryReserve(200, out var slot) == AppendStatus.Reserved)
            {
                Payload(taken++, 200).CopyTo(slot.Payload);
                slot.Publish();
                slot.MarkWon(0);
            }

            // From the second lap on the lap starts at the end of a segment that is full and stays sealed by nobody until then.
            var room = inSegment * (lap == 0 ? geometry.SegmentCount : geometry.SegmentCount - 1);
            var tail = journal.TailPosition;
            Assert.Equal(room, taken);
            Assert.Equal(AppendStatus.Full, journal.TryReserve(200, out _));
            Assert.Equal(tail, journal.TailPosition);
            Assert.InRange(journal.UsedBytes, journal.CapacityBytes - geometry.SegmentBytes, journal.CapacityBytes);

            Assert.Equal(Enumerable.Range(0, room), ReadAll(journal.Reader).Select(r => r.Id));
            Assert.Equal(AppendStatus.Full, journal.TryReserve(200, out _));
            journal.Reader.Release(journal.Reader.Position);
            Assert.Equal(0, journal.UsedBytes);
        }
    }

    [Fact]
    public void A_smaller_record_still_fits_where_a_larger_one_finds_the_journal_full()
    {
        _fixture.CapacityBytes = 16 * 1024;
        using var journal = _fixture.Start();
        while (journal.TryReserve(900, out var slot) == AppendStatus.Reserved)
            slot.MarkVoid();

        Assert.Equal(AppendStatus.Reserved, journal.TryReserve(100, out var small));
        small.MarkVoid();
    }

    [Fact]
    public void Many_laps_keep_order_and_content_and_never_show_old_bytes()
    {
        using var journal = _fixture.Start();
        var random = new Random(7);
        var (written, read, previous) = (0, 0, 0L);
        while (written < 20_000)
        {
            var payload = Payload(written, 4 + random.Next(300));
            if (random.Next(40) == 0 || journal.TryReserve(payload.Length, out var slot) != AppendStatus.Reserved)
            {
                foreach (var record in ReadAll(journal.Reader))
                {
                    Assert.Equal(read++, record.Id);
                    Assert.True(record.Position > previous);
                    previous = record.Position;
                }

                journal.Reader.Release(journal.Reader.Position);
                continue;
            }

            Assert.False(slot.Payload.ContainsAnyExcept((byte)0));
            payload.CopyTo(slot.Payload);
            slot.Publish();
            slot.MarkWon(0);
            written++;
        }

        Assert.True(journal.TailPosition - _fixture.Mark!.Value.Position > 20 * journal.CapacityBytes);
    }

    [Fact]
    public void Traffic_that_is_drained_stays_within_two_segments()
    {
        using var journal = _fixture.Start();
        for (var i = 0; i < 2000; i++)
        {
            Win(journal, Payload(i, 200));
            ReadAll(journal.Reader);
            journal.Reader.Release(journal.Reader.Position);
        }

        var file = File.ReadAllBytes(_fixture.Path);
        var touched = Enumerable.Range(0, 8).Count(i => file.AsSpan(4096 + (i * 4096), 4096).ContainsAnyExcept((byte)0));
        Assert.InRange(touched, 1, 2);
    }

    [Fact]
    public void Payloads_stay_valid_until_they_are_released()
    {
        using var journal = _fixture.Start();
        for (var i = 0; i < 30; i++)
            Win(journal, Payload(i, 300));

        Assert.Equal(ReadStatus.Record, journal.Reader.TryRead(out var first));
        var more = ReadAll(journal.Reader);
        journal.Reader.Release(first.Position);

        Assert.Equal(29, more.Count);
        Assert.Equal(Payload(0, 300), first.Payload.ToArray());
    }

    [Fact]
    public void What_was_not_read_cannot_be_released()
    {
        using var journal = _fixture.Start();
        Win(journal, Payload(1, 10));

        Assert.Throws<ArgumentOutOfRangeException>(() => journal.Reader.Release(journal.TailPosition));
    }

    [Fact]
    public void Every_record_reserved_before_lies_below_the_tail()
    {
        using var journal = _fixture.Start();
        for (var i = 0; i < 100; i++)
        {
            var slot = Win(journal, Payload(i, 100));
            Assert.True(slot.Position < journal.TailPosition);
        }

        ReadAll(journal.Reader);
        Assert.Equal(journal.TailPosition, journal.Reader.Position);
    }

    [Fact]
    public void Appending_and_reading_allocate_nothing()
    {
        using var journal = _fixture.Start();
        var payload = Payload(1, 200);
        Lap(journal, payload, 300);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var records = Lap(journal, payload, 5000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(5000, records);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void A_sync_takes_in_everything_that_is_not_released()
    {
        using var journal = _fixture.Start();
        for (var i = 0; i < 60; i++)
            Win(journal, Payload(i, 200));
        ReadAll(journal.Reader);

        journal.Reader.Sync();
        journal.Reader.Release(journal.Reader.Position);
        journal.Reader.Sync();

        Assert.Equal(0, journal.UsedBytes);
    }

    [Fact]
    public void A_record_that_something_else_changed_stops_the_reader_with_one_line()
    {
        using var journal = _fixture.Start();
        var slot = Win(journal, Payload(1, 100));
        using (var file = File.OpenHandle(_fixture.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
            RandomAccess.Write(file, [0xEE], 4096 + SegmentHead.Size);

        var failure = Assert.Throws<CraftKit.Edge.Platform.EdgeException>(() => journal.Reader.TryRead(out _));

        Assert.StartsWith("events.journal: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(slot.Position.ToString(System.Globalization.CultureInfo.InvariantCulture), failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();

    private static int Lap(JournalFile journal, byte[] payload, int count)
    {
        var read = 0;
        for (var i = 0; i < count; i++)
        {
            if (journal.TryReserve(payload.Length, out var slot) != AppendStatus.Reserved)
                return -1;
            payload.CopyTo(slot.Payload);
            slot.Publish();
            slot.MarkWon(i);
            if (i % 20 != 19)
                continue;
            while (journal.Reader.TryRead(out _) == ReadStatus.Record)
                read++;
            journal.Reader.Release(journal.Reader.Position);
        }

        return read;
    }
}
