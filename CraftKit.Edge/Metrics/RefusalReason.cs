namespace CraftKit.Edge.Metrics;

/// <summary>Why an event was answered with 503.</summary>
internal enum RefusalReason
{
    /// <summary>The journal had no room.</summary>
    JournalFull,

    /// <summary>There were as many live dedupe keys as <c>dedupe.maxKeys</c> allows, or no memory for another table.</summary>
    WindowFull,
}
