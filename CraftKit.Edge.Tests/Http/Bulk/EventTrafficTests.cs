using CraftKit.Edge.Http;
using CraftKit.Edge.Http.Bulk;
using CraftKit.Edge.Metrics;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Bulk;

/// <summary>Bulk gives way to single events for as long as they come in.</summary>
public sealed class EventTrafficTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RequestMeter _requests;
    private readonly EventTraffic _traffic;

    public EventTrafficTests()
    {
        _requests = new RequestMeter(RouteName.All, _time);
        _traffic = new EventTraffic(_requests, _time);
    }

    [Fact]
    public void An_event_is_remembered_for_a_second()
    {
        Assert.False(_traffic.IsLive);
        _requests.Count((int)Route.Events, 200, _requests.Now);
        Assert.True(_traffic.IsLive);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.True(_traffic.IsLive);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_traffic.IsLive);
        _requests.Count((int)Route.Events, 200, _requests.Now);
        Assert.True(_traffic.IsLive);
    }

    [Theory]
    [InlineData(Route.Bulk, 200)]
    [InlineData(Route.Engagement, 200)]
    [InlineData(Route.Events, 401)]
    internal void Nothing_else_counts(Route route, int status)
    {
        _requests.Count((int)route, status, _requests.Now);
        Assert.False(_traffic.IsLive);
    }
}
