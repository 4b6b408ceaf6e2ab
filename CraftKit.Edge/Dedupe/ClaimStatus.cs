namespace CraftKit.Edge.Dedupe;

/// <summary>What came of a claim (docs/API.md, "recorded").</summary>
internal enum ClaimStatus
{
    /// <summary>The key was free: this call claimed it, and nobody else does for one window.</summary>
    Recorded,

    /// <summary>A live claim of the key stands; it is neither moved nor extended.</summary>
    Duplicate,
}
