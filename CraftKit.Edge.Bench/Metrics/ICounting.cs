namespace CraftKit.Edge.Bench.Metrics;

/// <summary>A way to count a duplicate that was answered with 200.</summary>
internal interface ICounting
{
    /// <summary>Counts one.</summary>
    /// <param name="ticks">How long it took, 100 ns.</param>
    void Count(long ticks);
}
