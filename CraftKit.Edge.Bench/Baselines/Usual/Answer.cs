namespace CraftKit.Edge.Bench.Baselines.Usual;

/// <summary>What a request is answered.</summary>
internal sealed record Answer(bool Recorded);
