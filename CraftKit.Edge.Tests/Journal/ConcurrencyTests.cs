using CraftKit.Edge.Journal;
using Xunit;

namespace CraftKit.Edge.Tests.Journal;

public sealed class ConcurrencyTests : IDisposable
{
    private const int Producers = 3;

    private readonly JournalFixture _fixture = new();

    [Fact]
    public async Task Appenders_and_the_reader_lose_mix_up_and_reorder_nothing()
    {
        // Small, so that it is full and goes round all the time.
        using var journal = _fixture.Start();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var producers = Enumerable.Range(0, Producers).Select(p => Task.Factory.StartNew(() => Produce(journal, p, stop.Token), TaskCreationOptions.LongRunning)).ToArray();
        var all = Task.WhenAll(producers);

        var next = new int[Producers];
        var previous = 0L;
        while (true)
        {
            var finished = all.IsCompleted;
            var status = journal.Reader.TryRead(out var record);
            if (status == ReadStatus.Record)
            {
                Check(record, next, ref previous);
                continue;
            }

            journal.Reader.Release(journal.Reader.Position);
            Assert.InRange(journal.UsedBytes, 0, journal.CapacityBytes);
            if (finished && status == ReadStatus.None)
                break;
        }

        var results = await all;
        Assert.Equal(results.Select(r => r.Won), next);
        Assert.Equal(journal.TailPosition, journal.Reader.Position);
        Assert.All(results, r => Assert.True(r.Won > 1000, $"only {r.Won} records"));
        Assert.Contains(results, r => r.Full > 0);
    }

    [Fact]
    public void A_journal_filled_by_many_threads_holds_what_they_were_promised()
    {
        var geometry = JournalGeometry.For(_fixture.CapacityBytes, _fixture.MaxPayloadBytes);
        var inSegment = (geometry.SegmentBytes - SegmentHead.Size) / RecordHeader.SizeOf(100);
        for (var round = 0; round < 30; round++)
        {
            using var journal = _fixture.Start();
            using var barrier = new Barrier(Producers);
            var taken = 0;
            var threads = Enumerable.Range(0, Producers).Select(_ => new Thread(() =>
            {
                barrier.SignalAndWait();
                while (journal.TryReserve(100, out var slot) == AppendStatus.Reserved)
                {
                    slot.Publish();
                    slot.MarkWon(0);
                    Interlocked.Increment(ref taken);
                }
            })).ToArray();
            foreach (var thread in threads)
                thread.Start();
            foreach (var thread in threads)
                thread.Join();

            // The last of them may have been told "full" a moment early, but only while another took the last segment.
            while (journal.TryReserve(100, out var slot) == AppendStatus.Reserved)
            {
                slot.Publish();
                slot.MarkWon(0);
                taken++;
            }

            Assert.Equal(inSegment * geometry.SegmentCount, taken);
            var read = 0;
            while (journal.Reader.TryRead(out _) == ReadStatus.Record)
                read++;
            Assert.Equal(taken, read);
            _fixture.Mark = journal.MarkAt(journal.Reader.Position);
        }
    }

    public void Dispose() => _fixture.Dispose();

    private static (int Won, int Full) Produce(JournalFile journal, int producer, CancellationToken stop)
    {
        var random = new Random(producer);
        var (won, full) = (0, 0);
        while (!stop.IsCancellationRequested)
        {
            var length = 12 + random.Next(400);
            if (journal.TryReserve(length, out var slot) != AppendStatus.Reserved)
            {
                full++;
                Thread.Yield();
                continue;
            }

            var kind = random.Next(10);
            if (kind == 0)
            {
                slot.MarkVoid();
                continue;
            }

            BitConverter.TryWriteBytes(slot.Payload, producer);
            BitConverter.TryWriteBytes(slot.Payload[4..], won);
            BitConverter.TryWriteBytes(slot.Payload[8..], length);
            slot.Payload[12..].Fill((byte)(won + producer));
            slot.Publish();
            if (kind == 1)
            {
                slot.MarkVoid();
                continue;
            }

            slot.MarkWon(won);
            won++;
        }

        return (won, full);
    }

    private static void Check(in JournalRecord record, int[] next, ref long previous)
    {
        var payload = record.Payload;
        var producer = BitConverter.ToInt32(payload);
        var sequence = BitConverter.ToInt32(payload[4..]);
        Assert.Equal(next[producer]++, sequence);
        Assert.Equal(sequence, record.ClaimDelay);
        Assert.Equal(payload.Length, BitConverter.ToInt32(payload[8..]));
        Assert.False(payload[12..].ContainsAnyExcept((byte)(sequence + producer)));
        Assert.True(record.Position > previous);
        previous = record.Position;
    }
}
