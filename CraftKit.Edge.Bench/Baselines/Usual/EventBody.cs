using System.Text.Json;

namespace CraftKit.Edge.Bench.Baselines.Usual;

/// <summary>What a request carries.</summary>
internal sealed record EventBody(string? EventType, JsonElement? Metadata);
