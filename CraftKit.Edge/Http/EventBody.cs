using CraftKit.Edge.Events;

namespace CraftKit.Edge.Http;

/// <summary>What an event's body, or an item of a bulk request, says, as a view over its bytes.</summary>
internal readonly ref struct EventBody
{
    private EventBody(EventType type, ReadOnlySpan<byte> metadata, BodyIssues? issues, ReadOnlySpan<byte> renderId, ClientAddress? sourceIp)
    {
        Type = type;
        Metadata = metadata;
        Issues = issues;
        RenderId = renderId;
        SourceIp = sourceIp;
        IsJson = true;
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

    /// <summary>An item's render; empty for a body, whose render is in the path, and for a string that cannot be an id.</summary>
    public ReadOnlySpan<byte> RenderId { get; }

    /// <summary>Whom an item says that it comes from; null when it does not say.</summary>
    public ClientAddress? SourceIp { get; }

    /// <summary>A value that fits the schema.</summary>
    public static EventBody Fitting(
        EventType type, ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> renderId = default, ClientAddress? sourceIp = null) =>
        new(type, metadata, null, renderId, sourceIp);

    /// <summary>A value that does not fit the schema.</summary>
    public static EventBody Faulty(BodyIssues issues) => new(EventType.None, default, issues, default, null);
}
