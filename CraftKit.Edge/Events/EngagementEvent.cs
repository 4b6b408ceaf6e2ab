namespace CraftKit.Edge.Events;

/// <summary>One stored event as it is shown.</summary>
/// <param name="Id">Its id, which also carries <c>createdAt</c>.</param>
/// <param name="Type">What happened.</param>
/// <param name="ShareId">The share that the render had when the event was recorded; null without one.</param>
/// <param name="Address">Whom it came from.</param>
/// <param name="UserAgent">At most 512 UTF-16 units; null when the request had none.</param>
/// <param name="Metadata">The JSON object's bytes as they were sent; null without one.</param>
internal sealed record EngagementEvent(EventId Id, EventType Type, string? ShareId, ClientAddress Address, string? UserAgent, byte[]? Metadata);
