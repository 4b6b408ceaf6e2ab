using System.Text.Json;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>A line of <c>events export</c>.</summary>
internal sealed record StoredEvent(string Id, long N, string RenderId, string? ShareId, string EventType, string SourceIp, DateTimeOffset CreatedAt)
{
    public (string Scope, string EventType, string SourceIp) Key => (ShareId ?? $"render {RenderId}", EventType, SourceIp);

    /// <summary>Reads a line; each of these tests' events carries a number <c>n</c> in its metadata.</summary>
    public static StoredEvent Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        return new StoredEvent(
            root.GetProperty("id").GetString()!,
            root.GetProperty("metadata").GetProperty("n").GetInt64(),
            root.GetProperty("renderId").GetString()!,
            root.GetProperty("shareId").GetString(),
            root.GetProperty("eventType").GetString()!,
            root.GetProperty("sourceIp").GetString()!,
            root.GetProperty("createdAt").GetDateTimeOffset());
    }
}
