using CraftKit.Edge.Journal;
using CraftKit.Edge.Tests.Journal;
using Xunit;

namespace CraftKit.Edge.Tests.Allocations;

public sealed class JournalAllocationTests : IDisposable
{
    private const int Operations = 5000;

    private readonly JournalFixture _fixture = new();
    private readonly byte[] _payload = JournalFixture.Payload(1, 200);

    [Fact]
    public void A_record_allocates_nothing_from_its_appending_to_its_release_over_many_segments()
    {
        using var journal = _fixture.Start();
        var first = journal.TailPosition;
        var read = 0;

        Assert.Equal(0, AllocatedBytes.Of(Operations, i =>
        {
            Publish(journal).MarkWon(i);
            read += Drain(journal.Reader);
        }));
        Assert.Equal(1000 + Operations, read);
        Assert.True(journal.Distance(first, journal.TailPosition) > 10 * journal.CapacityBytes, "The journal was not walked round.");
    }

    [Fact]
    public void A_record_that_lost_its_claim_allocates_nothing()
    {
        using var journal = _fixture.Start();
        var read = 0;

        Assert.Equal(0, AllocatedBytes.Of(Operations, i =>
        {
            Publish(journal).MarkVoid();
            read += Drain(journal.Reader);
        }));
        Assert.Equal(0, read);
        Assert.Equal(journal.TailPosition, journal.Reader.ReleasedPosition);
    }

    [Fact]
    public void A_full_journal_refuses_without_allocating()
    {
        using var journal = _fixture.Start();
        while (journal.TryReserve(_payload.Length, out var slot) == AppendStatus.Reserved)
            slot.MarkVoid();
        var refused = 0;

        Assert.Equal(0, AllocatedBytes.Of(Operations, _ => refused += journal.TryReserve(_payload.Length, out var _) == AppendStatus.Full ? 1 : 0));
        Assert.Equal(1000 + Operations, refused);
    }

    public void Dispose() => _fixture.Dispose();

    // Not the fixture's, whose assertion boxes.
    private JournalSlot Publish(JournalFile journal)
    {
        if (journal.TryReserve(_payload.Length, out var slot) != AppendStatus.Reserved)
            throw new InvalidOperationException("The journal is full though all was released.");
        _payload.CopyTo(slot.Payload);
        slot.Publish();
        return slot;
    }

    private static int Drain(JournalReader reader)
    {
        var records = 0;
        while (reader.TryRead(out _) == ReadStatus.Record)
            records++;
        reader.Release(reader.Position);
        return records;
    }
}
