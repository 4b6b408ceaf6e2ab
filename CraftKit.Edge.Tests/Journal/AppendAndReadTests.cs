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
    public void A_restart_gives_back_what_the_store_lacks_and_nothing_else()
    {
        using (var journal = _fixture.Start())
        {
            for (var i = 0; i < 5; i++)
                Win(journal, Payload(i, 100), delay: i);
            var read = ReadAll(journal.Reader);
            _fixture.Mark = journal.MarkAt(read[2].EndPosition);
        }

        using var next = _fixture.Start(out var records, out var report);

        Assert.Equal([3, 4], records.Select(r => r.Id));
        Assert.Equal((2, 3, 0), (report.Won, report.AlreadyStored, report.DamagedBytes));
    }

    public void Dispose() => _fixture.Dispose();
}
