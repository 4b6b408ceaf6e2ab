using CraftKit.Edge.Events;
using CraftKit.Edge.Http;
using CraftKit.Edge.Metrics;

namespace CraftKit.Edge.Bench.Metrics;

/// <summary>The service's own way.</summary>
internal sealed class CellCounting(TimeProvider clock) : ICounting
{
    private readonly RequestMeter _requests = new(RouteName.All, clock);
    private readonly EventMeter _events = new();

    public void Count(long ticks)
    {
        _events.CountDuplicate(EventType.Viewed);
        _requests.Count((int)Route.Events, 200, -ticks);
    }

    /// <summary>Counts one that begins and ends now.</summary>
    public void CountNow()
    {
        var startedAt = _requests.Now;
        _events.CountDuplicate(EventType.Viewed);
        _requests.Count((int)Route.Events, 200, startedAt);
    }
}
