using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Servers;

namespace CraftKit.Edge.Bench.EndToEnd.Contests;

/// <summary>A server, and what is sent to it. Those with the same traffic and the same bytes get the same requests.</summary>
/// <param name="Server">Not started yet.</param>
/// <param name="Template">The bytes of a request.</param>
/// <param name="Traffic">The events.</param>
internal sealed record Contestant(Server Server, RequestTemplate Template, Traffic Traffic)
{
    /// <summary>Whether the events that are to be live before the first round are live from the start.</summary>
    public bool IsPrepared { get; init; }
}
