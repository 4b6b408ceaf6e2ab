using CraftKit.Edge.Catalog;
using CraftKit.Edge.Events;
using CraftKit.Edge.Metrics;

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

    /// <summary>Looks up the render of one of many events, and has the memory fetched in which <see cref="RecordBulk"/> will look for its key, while
    /// the caller reads the next one.</summary>
    /// <param name="project">As <see cref="Authenticate"/> gave it.</param>
    /// <param name="renderId">The render's id.</param>
    /// <param name="type">The event.</param>
    /// <param name="address">Whom the event comes from.</param>
    /// <param name="share">Takes the render's share: <see cref="EventRecord.MaxIdLength"/> bytes.</param>
    /// <param name="prepared">The event; it looks into <paramref name="renderId"/> and <paramref name="share"/>.</param>
    /// <returns>False when the project has no such render.</returns>
    bool TryPrepare(object project, ReadOnlySpan<byte> renderId, EventType type, ClientAddress address, Span<byte> share, out PreparedEvent prepared);

    /// <summary>Records one of many events that come in a bulk request: as <see cref="Record"/>, but the event route comes first. What is new
    /// finds no room where it would take the half of the journal that is kept for that route.</summary>
    /// <remarks>For <paramref name="commit"/>: neither <see cref="RecordStatus.Recorded"/> nor <see cref="RecordStatus.Duplicate"/> may be answered
    /// before <see cref="CommitAsync"/> has completed for it; the largest of several stands for all; 0 where there is nothing to wait for.</remarks>
    RecordStatus RecordBulk(in PreparedEvent prepared, bool hasUserAgent, ReadOnlySpan<byte> userAgent, ReadOnlySpan<byte> metadata, out long commit);

    /// <summary>Completes when what <see cref="RecordBulk"/> named is safe.</summary>
    ValueTask CommitAsync(long commit);

    /// <summary>Whether so much waits for the writer that a bulk request should wait for it too. Never blocks.</summary>
    bool IsBehind { get; }

    /// <summary>Waits until <see cref="IsBehind"/> is over.</summary>
    /// <returns>False when the writer got nowhere for 2 s; waiting longer is then pointless.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> ended the wait.</exception>
    ValueTask<bool> CatchUpAsync(CancellationToken cancellation);

    /// <summary>Reads a render's engagement, all that was acknowledged before included. Not for a socket thread.</summary>
    /// <returns>Null when the project has no such render.</returns>
    /// <exception cref="TimeoutException">The writer is over 2 s behind.</exception>
    ValueTask<Engagement?> ReadEngagementAsync(object project, string renderId, CancellationToken cancellation);

    /// <summary>What became of events.</summary>
    EventMeter Events { get; }

    /// <summary>What the admin plane needs.</summary>
    AdminGateway Admin { get; }

    /// <summary>How the service is at this moment. Waits for nothing, and takes some microseconds.</summary>
    ServiceFigures ReadFigures();

    /// <summary>Reasons why the service is not ready; empty when it is.</summary>
    IReadOnlyList<string> NotReadyReasons();
}
