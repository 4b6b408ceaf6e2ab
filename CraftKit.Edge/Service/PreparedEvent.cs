using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Events;

namespace CraftKit.Edge.Service;

/// <summary>An event of a known render, and the key by which it will be decided.</summary>
/// <param name="project">Whose event it is.</param>
/// <param name="renderId">Its render's id.</param>
/// <param name="share">The share that the render has; empty without one.</param>
/// <param name="type">What happened.</param>
/// <param name="address">Whom it comes from.</param>
/// <param name="key">Its key in the window.</param>
internal readonly ref struct PreparedEvent(
    object project, ReadOnlySpan<byte> renderId, ReadOnlySpan<byte> share, EventType type, ClientAddress address, DedupeKey key)
{
    public readonly object Project = project;
    public readonly ReadOnlySpan<byte> RenderId = renderId, Share = share;
    public readonly EventType Type = type;
    public readonly ClientAddress Address = address;
    public readonly DedupeKey Key = key;
}
