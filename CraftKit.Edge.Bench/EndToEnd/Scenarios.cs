namespace CraftKit.Edge.Bench.EndToEnd;

/// <summary>All scenarios.</summary>
internal static class Scenarios
{
    /// <summary>In the order in which they are run and written down.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new LoadScenario { Name = "duplicates", About = "every event a duplicate", NewInTen = 0, HasNginx = true },
        new LoadScenario { Name = "new", About = "every event new and stored", NewInTen = 10, HasNginx = true, HasUsual = true },
    ];
}
