namespace CraftKit.Edge.Bench.EndToEnd;

/// <summary>What a scenario found.</summary>
/// <param name="Name">The scenario.</param>
/// <param name="About">What was measured.</param>
/// <param name="Client">Who sent.</param>
/// <param name="Connections">Over how many connections.</param>
/// <param name="Seconds">For how long in each round.</param>
/// <param name="Servers">The service first, then what it is compared with.</param>
internal sealed record ScenarioResult(
    string Name, string About, string Client, int Connections, double Seconds, IReadOnlyList<ServerResult> Servers)
{
    /// <summary>Whether every server's answers agree with its database.</summary>
    public bool IsRight => Servers.All(server => server.Events.IsRight);
}
