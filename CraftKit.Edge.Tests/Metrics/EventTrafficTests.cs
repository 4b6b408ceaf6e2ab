using CraftKit.Edge.Events;
using CraftKit.Edge.Metrics;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Metrics;

/// <summary>Long work gives way to events for as long as they come in.</summary>
public sealed class EventTrafficTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly EventMeter _events = new();
    private readonly EventTraffic _traffic;

    public EventTrafficTests() => _traffic = new EventTraffic(() => _events.Answered, _time);

    [Fact]
    public void An_event_is_remembered_for_a_second()
    {
        Assert.False(_traffic.IsLive);
        _events.CountRecorded(EventType.Viewed);
        Assert.True(_traffic.IsLive);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.True(_traffic.IsLive);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_traffic.IsLive);
        _events.CountDuplicate(EventType.Printed);
        Assert.True(_traffic.IsLive);
    }

    [Fact]
    public void Threads_that_look_at_once_all_see_it()
    {
        _events.CountRecorded(EventType.Viewed);
        Parallel.For(0, 1000, _ => Assert.True(_traffic.IsLive));
        _time.Advance(TimeSpan.FromSeconds(1));
        Parallel.For(0, 1000, _ => Assert.False(_traffic.IsLive));
    }
}
