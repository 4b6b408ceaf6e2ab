using CraftKit.Edge.Catalog;
using CraftKit.Edge.Events;

namespace CraftKit.Edge.Service;

/// <summary>What the listeners need of the service behind them. Every member may be called from several threads at once.</summary>
internal interface IEdgeGateway
{
    /// <summary>Finds the key that a request presents. Never blocks.</summary>
    /// <param name="authorization">The <c>Authorization</c> header's single value; empty when it is missing or sent twice.</param>
    /// <param name="project">The key's project, for the other members, when granted.</param>
    AuthenticationStatus Authenticate(ReadOnlySpan<char> authorization, out object? project);

    /// <summary>Records an event unless it is a duplicate. Never blocks, and has copied all that it needs when it returns.</summary>
    /// <param name="project">As <see cref="Authenticate"/> gave it.</param>
    /// <param name="renderId">The render's id.</param>
    /// <param name="type">The event.</param>
    /// <param name="address">Whom the event comes from.</param>
    /// <param name="hasUserAgent">Whether there is a user agent; it may be there and empty.</param>
    /// <param name="userAgent">UTF-8, at most <see cref="EventRecord.MaxUserAgentBytes"/> bytes.</param>
    /// <param name="metadata">The JSON object as it was sent; empty without one.</param>
    /// <param name="commit">For durability <c>fsync</c>, neither <see cref="RecordStatus.Recorded"/> nor
    /// <see cref="RecordStatus.Duplicate"/> may be answered before this completes; already complete in journal mode.</param>
    RecordStatus Record(
        object project,
        ReadOnlySpan<byte> renderId,
        EventType type,
        ClientAddress address,
        bool hasUserAgent,
        ReadOnlySpan<byte> userAgent,
        ReadOnlySpan<byte> metadata,
        out ValueTask commit);

    /// <summary>Reads a render's engagement, all that was acknowledged before included. Not for a socket thread.</summary>
    /// <returns>Null when the project has no such render.</returns>
    /// <exception cref="TimeoutException">The writer is over 2 s behind.</exception>
    ValueTask<Engagement?> ReadEngagementAsync(object project, string renderId, CancellationToken cancellation);

    /// <summary>What the admin plane needs.</summary>
    AdminGateway Admin { get; }

    /// <summary>Reasons why the service is not ready; empty when it is.</summary>
    IReadOnlyList<string> NotReadyReasons();
}
