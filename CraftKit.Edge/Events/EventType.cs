namespace CraftKit.Edge.Events;

/// <summary>The engagement events that a partner may record (API page, body field <c>eventType</c>).</summary>
/// <remarks>The values are stored in the journal and in <c>events.db</c>: never renumber them. 0 is no event.</remarks>
internal enum EventType : byte
{
    /// <summary>No event; never stored.</summary>
    None = 0,

    /// <summary>The rendered document was viewed.</summary>
    Viewed = 1,

    /// <summary>The rendered document was downloaded.</summary>
    Downloaded = 2,

    /// <summary>The rendered document was printed.</summary>
    Printed = 3,
}

/// <summary>The words that stand for an <see cref="EventType"/> in JSON, CSV and error messages.</summary>
internal static class EventTypeName
{
    /// <summary>The word for <paramref name="type"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is not one of the three recorded types.</exception>
    public static string Of(EventType type) => type switch
    {
        EventType.Viewed => "viewed",
        EventType.Downloaded => "downloaded",
        EventType.Printed => "printed",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a recorded event type"),
    };

    /// <summary>The type that the word names; <see cref="EventType.None"/> when it is none of the three (case counts).</summary>
    public static EventType Parse(ReadOnlySpan<byte> word) => word switch
    {
        _ when word.SequenceEqual("viewed"u8) => EventType.Viewed,
        _ when word.SequenceEqual("downloaded"u8) => EventType.Downloaded,
        _ when word.SequenceEqual("printed"u8) => EventType.Printed,
        _ => EventType.None,
    };
}
