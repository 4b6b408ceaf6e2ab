namespace CraftKit.Edge.Events;

/// <summary>One stored event with all of its fields, as it leaves the service.</summary>
/// <param name="Id">Its id, which also carries <c>createdAt</c>.</param>
/// <param name="Type">What happened.</param>
/// <param name="RenderId">The render that it happened to.</param>
/// <param name="ProjectId">The project that recorded it.</param>
/// <param name="ShareId">The share that the render had when the event was recorded; null without one.</param>
/// <param name="SourceIp">Whom it came from.</param>
/// <param name="UserAgent">At most 512 UTF-16 units; null when the request had none.</param>
/// <param name="Metadata">The JSON object's bytes as they were sent; null or empty without one (an absent array becomes an empty
/// memory, not null).</param>
internal sealed record ExportedEvent(
    EventId Id,
    EventType Type,
    string RenderId,
    string ProjectId,
    string? ShareId,
    ClientAddress SourceIp,
    string? UserAgent,
    ReadOnlyMemory<byte>? Metadata)
{
    /// <summary>The kind of actor, the same for every event recorded here.</summary>
    public const string ActorKind = "partner";

    /// <summary>When it was recorded, to the millisecond.</summary>
    public DateTimeOffset CreatedAt => Id.CreatedAt;
}
