using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd.Results;

/// <summary>A measured value that is not one of a server in a round.</summary>
/// <param name="Name">Of what.</param>
/// <param name="Unit">In what.</param>
/// <param name="Value">The value.</param>
internal sealed record Figure(string Name, string Unit, Spread Value);
