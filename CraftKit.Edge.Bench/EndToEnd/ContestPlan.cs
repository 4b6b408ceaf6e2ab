using CraftKit.Edge.Bench.EndToEnd.Load;

namespace CraftKit.Edge.Bench.EndToEnd;

/// <summary>What a contest does.</summary>
internal sealed record ContestPlan
{
    /// <summary>Who sends.</summary>
    public required ILoadClient Client { get; init; }

    /// <summary>The events that are sent.</summary>
    public required Traffic Traffic { get; init; }

    /// <summary>The bytes of a request.</summary>
    public required RequestTemplate Template { get; init; }

    /// <summary>Where the requests of a round may lie meanwhile, best in memory.</summary>
    public required string RequestsPath { get; init; }

    /// <summary>Connections of the client.</summary>
    public required int Connections { get; init; }

    /// <summary>Rounds that count.</summary>
    public required int Rounds { get; init; }

    /// <summary>How long each server is loaded in a round; whole seconds.</summary>
    public required TimeSpan Time { get; init; }
}
