namespace CraftKit.Edge.Bench.EndToEnd.Servers;

/// <summary>What a client needs to know: the API key, and the renders that there are.</summary>
/// <param name="Key">The plain key.</param>
/// <param name="RendersFile">A line of JSON for each render, as <c>render import</c> takes it.</param>
internal sealed record Provisioned(string Key, string RendersFile);
