namespace CraftKit.Edge.Bench.Dedupe;

/// <summary>Where the window's time comes from.</summary>
public enum ClockKind
{
    /// <summary>It is given: what is measured is the window alone.</summary>
    Given,

    /// <summary>The system's time since boot, as in production.</summary>
    Boot,
}
