using CraftKit.Edge.Events;

namespace CraftKit.Edge.Http;

/// <summary>What an event's body says, as a view over its bytes.</summary>
internal readonly ref struct EventBody
{
    private EventBody(EventType type, ReadOnlySpan<byte> metadata, BodyIssues? issues, bool isJson)
    {
        Type = type;
        Metadata = metadata;
        Issues = issues;
        IsJson = isJson;
    }

    /// <summary>A body that is not one JSON value in UTF-8.</summary>
    public static EventBody NotJson => default;

    /// <summary>Whether the body is one JSON value in UTF-8; if not, nothing else here means anything.</summary>
    public bool IsJson { get; }

    /// <summary>What is wrong with the value; null when it fits the schema.</summary>
    public BodyIssues? Issues { get; }

    /// <summary>The event; none when there are issues.</summary>
    public EventType Type { get; }

    /// <summary>The bytes of the metadata object as they were sent; empty without one.</summary>
    public ReadOnlySpan<byte> Metadata { get; }

    /// <summary>A body that fits the schema.</summary>
    public static EventBody Fitting(EventType type, ReadOnlySpan<byte> metadata) => new(type, metadata, null, isJson: true);

    /// <summary>A body whose value does not fit the schema.</summary>
    public static EventBody Faulty(BodyIssues issues) => new(EventType.None, default, issues, isJson: true);
}
