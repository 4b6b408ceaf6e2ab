namespace CraftKit.Edge.Service;

/// <summary>What became of an event.</summary>
internal enum RecordStatus : byte
{
    /// <summary>In the journal, and the first of its window.</summary>
    Recorded,

    /// <summary>One like it was recorded in the window.</summary>
    Duplicate,

    /// <summary>The project has no such render.</summary>
    RenderNotFound,

    /// <summary>No room for it now; not acknowledged, safe to send again.</summary>
    Unavailable,
}
