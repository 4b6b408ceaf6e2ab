using CraftKit.Edge.Bench.EndToEnd.Load;

namespace CraftKit.Edge.Bench.EndToEnd.Contests;

/// <summary>How a contest is held.</summary>
internal sealed record ContestPlan
{
    /// <summary>Who sends.</summary>
    public required ILoadClient Client { get; init; }

    /// <summary>Connections of the client.</summary>
    public required int Connections { get; init; }

    /// <summary>Rounds that count.</summary>
    public required int Rounds { get; init; }

    /// <summary>How long each server is loaded in a round; whole seconds.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Waits for the machine before each round.</summary>
    public required Calm Calm { get; init; }

    /// <summary>Where the requests of a round may lie meanwhile, best in memory; a number is put behind it.</summary>
    public required string RequestsPath { get; init; }
}
