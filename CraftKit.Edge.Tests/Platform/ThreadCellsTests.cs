using CraftKit.Edge.Metrics;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Tests.Allocations;
using Xunit;

namespace CraftKit.Edge.Tests.Platform;

public sealed class ThreadCellsTests
{
    [Fact]
    public void Nothing_counted_by_any_thread_is_lost_while_others_come_and_go_and_read()
    {
        const int Threads = 8, Rounds = 40, Each = 20_000;
        var cells = new ThreadCells(3);
        using var done = new ManualResetEventSlim();
        var reader = new Thread(() =>
        {
            // What is read never goes back.
            for (var last = 0L; !done.IsSet;)
            {
                var sum = cells.Sum(1);
                Assert.True(sum >= last, $"{sum} after {last}");
                last = sum;
            }
        });
        reader.Start();
        for (var round = 0; round < Rounds; round++)
        {
            var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
            {
                for (var i = 0; i < Each; i++)
                    cells.Mine[1]++;
                cells.Mine[2] += 5;
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
        }

        done.Set();
        reader.Join();
        Span<long> sums = stackalloc long[3];
        cells.Sum(0, sums);
        Assert.Equal([0, Threads * Rounds * Each, Threads * Rounds * 5], sums.ToArray());
    }

    [Fact]
    public void Counting_a_request_and_its_event_allocates_nothing()
    {
        var requests = new RequestMeter(["a"], TimeProvider.System);
        var events = new EventMeter();
        Assert.Equal(0, AllocatedBytes.Of(2000, i =>
        {
            var start = requests.Now;
            events.CountRecorded(Events.EventType.Viewed);
            requests.Count(0, i % 2 == 0 ? 200 : 503, start);
        }));
        Assert.Equal(3000, events.RecordedOf(Events.EventType.Viewed));
    }
}
