using System.Text.Json;
using CraftKit.Edge.Events;
using CraftKit.Edge.Json;
using static CraftKit.Edge.Json.JsonRules;

namespace CraftKit.Edge.Http;

/// <summary>Reads an event's body: one pass, and no allocation unless something is wrong with it.</summary>
/// <remarks>
/// What the body means is what JavaScript's <c>JSON.parse</c> (but see <see cref="JsonRules"/>) and the schema make of it: of a repeated key
/// the last one counts, however it is spelled, unknown keys are passed over.
/// </remarks>
internal static class EventBodyReader
{
    private const string Words = "'viewed' | 'downloaded' | 'printed'";

    /// <summary>Reads <paramref name="body"/>; the result looks into it.</summary>
    public static EventBody Read(ReadOnlySpan<byte> body)
    {
        if (!IsText(body))
            return EventBody.NotJson;
        body = WithoutByteOrderMark(body);
        try
        {
            var reader = new Utf8JsonReader(body, Options);
            reader.Read();
            var result = reader.TokenType == JsonTokenType.StartObject ? ReadObject(ref reader, body) : ReadOther(ref reader);

            // Reading on past the value's end finds trailing bytes; it throws unless they are whitespace.
            return result.IsJson && !reader.Read() ? result : EventBody.NotJson;
        }
        catch (JsonException)
        {
            return EventBody.NotJson;
        }
    }

    private static EventBody ReadObject(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        var type = EventType.None;
        string? typeFault = "Required", metadataFault = null;
        ReadOnlySpan<byte> metadata = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!HasPairedSurrogates(ref reader))
                return EventBody.NotJson;
            var isType = reader.ValueTextEquals("eventType"u8);
            var isMetadata = !isType && reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (isType)
            {
                if (!TryReadType(ref reader, out type, out typeFault))
                    return EventBody.NotJson;
            }
            else
            {
                var start = (int)reader.TokenStartIndex;
                var kind = reader.TokenType;
                if (!TrySkip(ref reader))
                    return EventBody.NotJson;
                if (isMetadata)
                {
                    metadata = body[start..(int)reader.BytesConsumed];
                    metadataFault = kind == JsonTokenType.StartObject ? null : $"Expected object, received {NameOf(kind)}";
                }
            }
        }

        return typeFault is null && metadataFault is null
            ? EventBody.Fitting(type, metadata)
            : EventBody.Faulty(IssuesOf(typeFault, metadataFault));
    }

    private static BodyIssues IssuesOf(string? typeFault, string? metadataFault)
    {
        var fields = new List<(string, string)>();
        if (typeFault is not null)
            fields.Add(("eventType", typeFault));
        if (metadataFault is not null)
            fields.Add(("metadata", metadataFault));
        return new BodyIssues(null, fields);
    }

    private static EventBody ReadOther(scoped ref Utf8JsonReader reader)
    {
        var kind = reader.TokenType;
        return TrySkip(ref reader)
            ? EventBody.Faulty(new BodyIssues($"Expected object, received {NameOf(kind)}"))
            : EventBody.NotJson;
    }

    /// <summary>Reads the value of <c>eventType</c>; false when it holds what is no JSON.</summary>
    private static bool TryReadType(ref Utf8JsonReader reader, out EventType type, out string? fault)
    {
        type = EventType.None;
        fault = null;
        var kind = reader.TokenType;
        if (kind != JsonTokenType.String)
        {
            fault = $"Expected {Words}, received {NameOf(kind)}";
            return TrySkip(ref reader);
        }

        if (!HasPairedSurrogates(ref reader))
            return false;
        type = !reader.ValueIsEscaped ? EventTypeName.Parse(reader.ValueSpan)
            : reader.ValueTextEquals("viewed"u8) ? EventType.Viewed
            : reader.ValueTextEquals("downloaded"u8) ? EventType.Downloaded
            : reader.ValueTextEquals("printed"u8) ? EventType.Printed
            : EventType.None;
        if (type == EventType.None)
            fault = $"Invalid enum value. Expected {Words}, received '{reader.GetString()}'";
        return true;
    }
}
