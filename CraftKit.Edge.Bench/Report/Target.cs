using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.Report;

/// <summary>A value that is to be reached.</summary>
/// <param name="What">Of what, in words.</param>
/// <param name="Limit">The value.</param>
/// <param name="IsAtLeast">Whether more is better.</param>
/// <param name="Unit">What stands behind the numbers, with its space; empty for a ratio.</param>
/// <param name="Command">What measures it: what follows <c>--</c> on the command line.</param>
/// <param name="Read">Finds it in the results; null where it was not measured.</param>
internal sealed record Target(string What, double Limit, bool IsAtLeast, string Unit, string Command, Func<MeasuredResults, Spread?> Read)
{
    /// <summary>Whether a measured value reaches it.</summary>
    public bool IsReachedBy(double value) => IsAtLeast ? value >= Limit : value <= Limit;
}
