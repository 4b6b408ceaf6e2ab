using CraftKit.Edge.Metrics;
using Microsoft.AspNetCore.Http;

namespace CraftKit.Edge.Http.Bulk;

/// <summary>Whether single events come in at the moment. For one thread.</summary>
/// <remarks>It looks at what is counted anyway, so the event route pays nothing for being looked after.</remarks>
/// <param name="requests">The requests of the data plane, by <see cref="Route"/>.</param>
/// <param name="time">A clock.</param>
internal sealed class EventTraffic(RequestMeter requests, TimeProvider time)
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);
    private static readonly int Ok = HttpStatus.SlotOf(StatusCodes.Status200OK);

    private long _answered;
    private long? _seenAt;

    /// <summary>Whether one was answered since the last look, or in the last second.</summary>
    public bool IsLive
    {
        get
        {
            var answered = requests.Requests((int)Route.Events, Ok);
            if (answered != _answered)
            {
                _answered = answered;
                _seenAt = time.GetTimestamp();
            }

            return _seenAt is { } seenAt && time.GetElapsedTime(seenAt) < Memory;
        }
    }
}
