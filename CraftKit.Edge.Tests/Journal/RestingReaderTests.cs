using CraftKit.Edge.Journal;
using Xunit;
using static CraftKit.Edge.Tests.Journal.JournalFixture;

namespace CraftKit.Edge.Tests.Journal;

/// <summary>A reader that has found nothing rests until somebody appends.</summary>
public sealed class RestingReaderTests : IDisposable
{
    private readonly JournalFixture _fixture = new();

    [Fact]
    public void Who_asked_is_called_by_the_next_append_and_by_no_other()
    {
        using var journal = _fixture.Start();
        var calls = 0;
        Win(journal, Payload(1, 200));
        Assert.Equal(journal.TailPosition, journal.CallOnAppend(() => calls++));
        Assert.Equal(0, calls);
        Win(journal, Payload(2, 200));
        Assert.Equal(1, calls);

        // Over the end of a segment too.
        var shift = JournalGeometry.For(_fixture.CapacityBytes, _fixture.MaxPayloadBytes).Shift;
        for (var first = journal.TailPosition >> shift; journal.TailPosition >> shift < first + 2;)
        {
            journal.CallOnAppend(() => calls++);
            var before = calls;
            Win(journal, Payload(3, 200));
            Assert.Equal(before + 1, calls);
        }
    }

    [Fact]
    public async Task Who_rests_until_an_append_never_oversleeps_one()
    {
        const int Appends = 20_000;
        using var journal = _fixture.Start();
        using var appended = new SemaphoreSlim(0);
        using var seen = new SemaphoreSlim(0);
        var wake = () => { appended.Release(); };
        var appending = Task.Run(() =>
        {
            for (var i = 0; i < Appends; i++)
            {
                Win(journal, Payload(1, 50));
                Assert.True(seen.Wait(TimeSpan.FromSeconds(10)), $"append {i} was overslept");
            }
        });
        var reader = journal.Reader;
        for (var read = 0; read < Appends;)
        {
            if (reader.TryRead(out _) == ReadStatus.Record)
            {
                reader.Release(reader.Position);
                read++;
                seen.Release();
            }
            else if (journal.CallOnAppend(wake) == reader.Position)
            {
                Assert.True(await appended.WaitAsync(TimeSpan.FromSeconds(20)), "nothing was appended");
            }
        }
        await appending;
    }

    public void Dispose() => _fixture.Dispose();
}
