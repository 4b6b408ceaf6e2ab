using CraftKit.Edge.Bench.EndToEnd.Results;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>One question that the end-to-end mode answers.</summary>
internal abstract class Scenario
{
    /// <summary>What it is asked for by.</summary>
    public required string Name { get; init; }

    /// <summary>What is measured, in half a line.</summary>
    public required string About { get; init; }

    /// <summary>Measures, says what it finds, and leaves it to be written down.</summary>
    /// <exception cref="InvalidOperationException">Something could not be measured.</exception>
    public abstract ScenarioResult Run(Workbench bench);
}
