using CraftKit.Edge.Bench.EndToEnd.Contests;

namespace CraftKit.Edge.Bench.EndToEnd.Results;

/// <summary>One server over all rounds.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Rounds">Its rounds, those left out too.</param>
/// <param name="Events">Whether its answers agree with its database.</param>
internal sealed record ServerResult(string Name, List<RoundResult> Rounds, EventBalance Events)
{
    /// <summary>A value of each round, in their order; null where the round was left out.</summary>
    public IReadOnlyList<double?> Each(Func<RoundResult, double> value) =>
        [.. Rounds.OrderBy(round => round.Round).Select(round => round.Others.IsTooMuch ? null : (double?)value(round))];
}
