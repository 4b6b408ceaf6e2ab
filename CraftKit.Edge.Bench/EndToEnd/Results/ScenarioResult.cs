namespace CraftKit.Edge.Bench.EndToEnd.Results;

/// <summary>What a scenario found.</summary>
internal sealed record ScenarioResult
{
    /// <summary>The scenario's name.</summary>
    public required string Name { get; init; }

    /// <summary>What was measured, in half a line.</summary>
    public required string About { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime Date { get; init; }

    /// <summary>The measured binary.</summary>
    public required ServiceVersion Version { get; init; }

    /// <summary>Where.</summary>
    public required string Machine { get; init; }

    /// <summary>Who sent; empty where nobody did.</summary>
    public string Client { get; init; } = "";

    /// <summary>Over how many connections.</summary>
    public int Connections { get; init; }

    /// <summary>For how long in each round.</summary>
    public double Seconds { get; init; }

    /// <summary>The servers: first the one that the others are compared with.</summary>
    public IReadOnlyList<ServerResult> Servers { get; init; } = [];

    /// <summary>What else was measured.</summary>
    public IReadOnlyList<Figure> Figures { get; init; } = [];

    /// <summary>Whether every server's answers agree with its database.</summary>
    public bool IsRight() => Servers.All(server => server.Events.IsRight);
}
