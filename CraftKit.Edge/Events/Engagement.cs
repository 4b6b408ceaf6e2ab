namespace CraftKit.Edge.Events;

/// <summary>What happened to one render within its project.</summary>
/// <param name="Viewed">Recorded <c>viewed</c> events.</param>
/// <param name="Downloaded">Recorded <c>downloaded</c> events.</param>
/// <param name="Printed">Recorded <c>printed</c> events.</param>
/// <param name="LinkOpens">Recorded <c>viewed</c> events of a shared render.</param>
/// <param name="Recent">The latest events, newest first, at most <see cref="MaxRecent"/>.</param>
internal sealed record Engagement(long Viewed, long Downloaded, long Printed, long LinkOpens, IReadOnlyList<EngagementEvent> Recent)
{
    /// <summary>The most events that <see cref="Recent"/> holds.</summary>
    public const int MaxRecent = 25;

    /// <summary>All recorded events.</summary>
    public long Total => Viewed + Downloaded + Printed;
}
