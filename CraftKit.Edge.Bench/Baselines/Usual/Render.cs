namespace CraftKit.Edge.Bench.Baselines.Usual;

/// <summary>A line of the renders' file.</summary>
internal sealed record Render(string Id, string? ShareId);
