namespace CraftKit.Edge.Bench.EndToEnd.Results;

/// <summary>What a binary of the service says of itself (<c>version --json</c>).</summary>
internal sealed record ServiceVersion(string Version, string Commit, string Runtime, string Sqlite);
