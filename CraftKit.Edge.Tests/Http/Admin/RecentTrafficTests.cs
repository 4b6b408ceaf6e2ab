using CraftKit.Edge.Events;
using CraftKit.Edge.Http.Admin;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Transport;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

public sealed class RecentTrafficTests : IDisposable
{
    private readonly EventMeter _events = new();
    private readonly RequestMeter _requests;
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLag _lag = new();
    private readonly RecentTraffic _recent;

    public RecentTrafficTests()
    {
        _requests = new RequestMeter(["other", "events"], _time);
        _events.CountRecorded(EventType.Viewed);
        _recent = new RecentTraffic(_events, _requests, route: 1, _lag);
    }

    public void Dispose() => _lag.Dispose();

    [Fact]
    public void A_second_has_what_was_counted_in_it_and_moves_on_until_it_is_forgotten()
    {
        Assert.Equal(new long[RecentTraffic.Seconds], Seconds().Recorded);
        Record(2, 1);
        _recent.EndSecond();
        Record(0, 4);
        _recent.EndSecond();
        Record(9, 9);
        Assert.Equal([0, 2, 0], Seconds().Recorded[^3..]);
        Assert.Equal([0, 1, 4], Seconds().Duplicates[^3..]);
        for (var i = 0; i < RecentTraffic.Seconds - 2; i++)
            _recent.EndSecond();
        Assert.Equal([2, 0, 9, 0], Seconds().Recorded[..4]);
        _recent.EndSecond();
        _recent.EndSecond();
        Assert.Equal([9, 0], Seconds().Recorded[..2]);
        Assert.Equal([9, 0], Seconds().Duplicates[..2]);
        _recent.EndSecond();
        Assert.Equal(new long[RecentTraffic.Seconds], Seconds().Recorded);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(299)]
    [InlineData(300)]
    [InlineData(1_000_000)]
    public void Seconds_that_were_missed_are_empty(long passed)
    {
        Record(1, 0);
        _recent.EndSecond();
        Record(5, 0);
        _recent.EndSecond(passed);
        var expected = new long[RecentTraffic.Seconds];
        expected[^1] = 5;
        if (passed < RecentTraffic.Seconds)
            expected[^(1 + (int)passed)] = 1;
        Assert.Equal(expected, Seconds().Recorded);
    }

    [Fact]
    public void Durations_are_those_of_the_route_in_the_last_minute()
    {
        Assert.Equal(0, Durations(out _));
        Answer(route: 0, milliseconds: 500);
        Answer(route: 1, milliseconds: 3);
        Assert.Equal(1, Durations(out var first));
        Assert.Equal(1, first[LatencyBuckets.All.BucketOf(3 * TimeSpan.TicksPerMillisecond)]);
        for (var second = 0; second < RecentTraffic.LatencySeconds; second++)
        {
            Assert.Equal(1, Durations(out _));
            _recent.EndSecond();
        }

        Answer(route: 1, milliseconds: 40);
        Assert.Equal(1, Durations(out var later));
        Assert.Equal(1, later[LatencyBuckets.All.BucketOf(40 * TimeSpan.TicksPerMillisecond)]);
        Assert.Equal(0, later[LatencyBuckets.All.BucketOf(3 * TimeSpan.TicksPerMillisecond)]);
        _recent.EndSecond(RecentTraffic.LatencySeconds + 1);
        Assert.Equal(1, Durations(out _));
        _recent.EndSecond(RecentTraffic.LatencySeconds + 1);
        Assert.Equal(0, Durations(out _));
    }

    [Fact]
    public void The_longest_lag_is_that_of_the_last_minute_or_the_one_under_way()
    {
        Assert.Equal(TimeSpan.Zero, _recent.LongestLag);
        _lag.Longest = TimeSpan.FromMilliseconds(30);
        _recent.EndSecond();
        _lag.Longest = TimeSpan.FromMilliseconds(7);
        for (var second = 1; second < RecentTraffic.LatencySeconds; second++)
            _recent.EndSecond();
        Assert.Equal(TimeSpan.FromMilliseconds(30), _recent.LongestLag);
        _recent.EndSecond();
        Assert.Equal(TimeSpan.FromMilliseconds(7), _recent.LongestLag);
        _lag.Last = TimeSpan.FromSeconds(2);
        Assert.Equal(TimeSpan.FromSeconds(2), _recent.LongestLag);
        _lag.Last = TimeSpan.Zero;
        _recent.EndSecond(RecentTraffic.LatencySeconds);
        Assert.Equal(TimeSpan.Zero, _recent.LongestLag);
    }

    private void Record(int recorded, int duplicates)
    {
        for (var i = 0; i < recorded; i++)
            _events.CountRecorded(EventType.Printed);
        for (var i = 0; i < duplicates; i++)
            _events.CountDuplicate(EventType.Viewed);
    }

    private void Answer(int route, int milliseconds)
    {
        var start = _requests.Now;
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _requests.Count(route, 200, start);
    }

    private (long[] Recorded, long[] Duplicates) Seconds()
    {
        var (recorded, duplicates) = (new long[RecentTraffic.Seconds], new long[RecentTraffic.Seconds]);
        _recent.CopyTo(recorded, duplicates);
        return (recorded, duplicates);
    }

    private long Durations(out long[] buckets)
    {
        buckets = new long[LatencyBuckets.Count];
        return _recent.Durations(buckets);
    }

    /// <summary>A lag that is what it is set to; its longest until it is taken.</summary>
    private sealed class FakeLag : ILoopLag
    {
        public TimeSpan Longest { get; set; }

        public TimeSpan Last { get; set; }

        public TimeSpan TakeMax()
        {
            var longest = Longest;
            Longest = TimeSpan.Zero;
            return longest;
        }

        public void Dispose()
        {
        }
    }
}
