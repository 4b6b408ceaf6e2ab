using CraftKit.Edge.Metrics;
using CraftKit.Edge.Transport;

namespace CraftKit.Edge.Http.Admin;

/// <summary>What the listeners measure, for the admin plane to tell.</summary>
/// <param name="Time">The clock of measurements.</param>
/// <param name="DataRequests">The requests of the data plane, by <see cref="Route"/>.</param>
/// <param name="Lag">How long the socket threads keep requests waiting.</param>
internal sealed record ServerMeasures(TimeProvider Time, RequestMeter DataRequests, ILoopLag Lag)
{
    /// <summary>The requests of the admin plane, by its routes; the admin plane puts it here when it knows them.</summary>
    public RequestMeter AdminRequests { get; set; } = new([], Time);
}
