namespace CraftKit.Edge.Events;

/// <summary>One stored event with all that an export shows of it.</summary>
/// <param name="Id">Its id, which also carries <c>createdAt</c>.</param>
/// <param name="Type">What happened.</param>
/// <param name="RenderId">The render.</param>
/// <param name="ProjectId">The render's project when the event was recorded.</param>
/// <param name="ShareId">The share that the render had then; null without one.</param>
/// <param name="Address">Whom it came from.</param>
/// <param name="UserAgent">At most 512 UTF-16 units; null when the request had none.</param>
/// <param name="Metadata">The JSON object's bytes as they were sent; null without one.</param>
internal sealed record ExportedEvent(
    EventId Id,
    EventType Type,
    string RenderId,
    string ProjectId,
    string? ShareId,
    ClientAddress Address,
    string? UserAgent,
    byte[]? Metadata);
