using System.Runtime.CompilerServices;
using System.Text.Json;
using CraftKit.Edge.Events;
using CraftKit.Edge.Json;
using static CraftKit.Edge.Json.JsonRules;

namespace CraftKit.Edge.Http;

/// <summary>Reads an event's body, or an item of a bulk request: one pass, and no allocation unless something is wrong with it.</summary>
/// <remarks>
/// What the body means is what JavaScript's <c>JSON.parse</c> (but see <see cref="JsonRules"/>) and the schema make of it: of a repeated key
/// the last one counts, however it is spelled, unknown keys are passed over.
/// </remarks>
internal static class EventBodyReader
{
    /// <summary>The longest spelling of an id that can be one: every character of it as an escape. No address is longer.</summary>
    private const int LongestSpelling = 6 * EventRecord.MaxIdLength;

    private const string Words = "'viewed' | 'downloaded' | 'printed'";

    /// <summary>The members that mean something.</summary>
    private enum Field
    {
        Other,
        RenderId,
        EventType,
        Metadata,
        SourceIp,
    }

    /// <summary>Reads <paramref name="body"/>; the result looks into it.</summary>
    public static EventBody Read(ReadOnlySpan<byte> body) =>
        PlainBodyReader.TryRead(body, default, isItem: false, out var plain) ? plain : ReadAny(body);

    /// <summary>As <see cref="Read"/>, without the short cut for plain bodies.</summary>
    internal static EventBody ReadAny(ReadOnlySpan<byte> body) =>
        IsText(body) ? ReadValue(WithoutByteOrderMark(body), default, isItem: false) : EventBody.NotJson;

    /// <summary>Reads an item of a bulk request, which names its render and perhaps whom it comes from; the result looks into both.</summary>
    /// <param name="item">The item's bytes.</param>
    /// <param name="id">Takes the render's id: <see cref="EventRecord.MaxIdLength"/> bytes.</param>
    public static EventBody ReadItem(ReadOnlySpan<byte> item, Span<byte> id) =>
        PlainBodyReader.TryRead(item, id, isItem: true, out var plain) ? plain : ReadAnyItem(item, id);

    /// <summary>As <see cref="ReadItem"/>, without the short cut for plain items.</summary>
    internal static EventBody ReadAnyItem(ReadOnlySpan<byte> item, Span<byte> id) =>
        IsText(item) ? ReadValue(item, id, isItem: true) : EventBody.NotJson;

    private static EventBody ReadValue(ReadOnlySpan<byte> body, Span<byte> id, bool isItem)
    {
        try
        {
            var reader = new Utf8JsonReader(body, Options);
            reader.Read();
            var result = reader.TokenType == JsonTokenType.StartObject ? ReadObject(ref reader, body, id, isItem) : ReadOther(ref reader);

            // Reading on past the value's end finds trailing bytes; it throws unless they are whitespace.
            return result.IsJson && !reader.Read() ? result : EventBody.NotJson;
        }
        catch (JsonException)
        {
            return EventBody.NotJson;
        }
    }

    private static EventBody ReadObject(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> body, Span<byte> id, bool isItem)
    {
        var type = EventType.None;
        var idLength = 0;
        ClientAddress? sourceIp = null;
        string? typeFault = ZodWords.Required, metadataFault = null, idFault = isItem ? ZodWords.Required : null, sourceFault = null;
        ReadOnlySpan<byte> metadata = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!HasPairedSurrogates(ref reader))
                return EventBody.NotJson;
            var field = FieldOf(ref reader, isItem);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var kind = reader.TokenType;
            if (kind == JsonTokenType.String && HasPairedSurrogates(ref reader))
            {
                switch (field)
                {
                    case Field.EventType:
                        type = ReadType(ref reader, out typeFault);
                        continue;
                    case Field.RenderId:
                        (idLength, idFault) = (ReadId(ref reader, id), null);
                        continue;
                    case Field.SourceIp:
                        sourceIp = ReadAddress(ref reader);
                        sourceFault = sourceIp is null ? "Invalid ip" : null;
                        continue;
                }
            }

            if (!TrySkip(ref reader))
                return EventBody.NotJson;
            switch (field)
            {
                case Field.EventType:
                    typeFault = ZodWords.Expected(Words, kind);
                    break;
                case Field.RenderId:
                    idFault = ZodWords.Expected("string", kind);
                    break;
                case Field.SourceIp:
                    sourceFault = ZodWords.Expected("string", kind);
                    break;
                case Field.Metadata:
                    metadata = body[start..(int)reader.BytesConsumed];
                    metadataFault = kind == JsonTokenType.StartObject ? null : ZodWords.Expected("object", kind);
                    break;
            }
        }

        return typeFault is null && metadataFault is null && idFault is null && sourceFault is null
            ? EventBody.Fitting(type, metadata, id[..idLength], sourceIp)
            : EventBody.Faulty(IssuesOf(("renderId", idFault), ("eventType", typeFault), ("metadata", metadataFault), ("sourceIp", sourceFault)));
    }

    private static Field FieldOf(ref Utf8JsonReader reader, bool isItem) =>
        reader.ValueTextEquals("eventType"u8) ? Field.EventType
        : reader.ValueTextEquals("metadata"u8) ? Field.Metadata
        : !isItem ? Field.Other
        : reader.ValueTextEquals("renderId"u8) ? Field.RenderId
        : reader.ValueTextEquals("sourceIp"u8) ? Field.SourceIp
        : Field.Other;

    private static BodyIssues IssuesOf(params ReadOnlySpan<(string Field, string? Fault)> found)
    {
        var fields = new List<(string, string)>();
        foreach (var (field, fault) in found)
        {
            if (fault is not null)
                fields.Add((field, fault));
        }

        return new BodyIssues(null, fields);
    }

    private static EventBody ReadOther(scoped ref Utf8JsonReader reader)
    {
        var kind = reader.TokenType;
        return TrySkip(ref reader)
            ? EventBody.Faulty(new BodyIssues(ZodWords.Expected("object", kind)))
            : EventBody.NotJson;
    }

    private static EventType ReadType(ref Utf8JsonReader reader, out string? fault)
    {
        var type = !reader.ValueIsEscaped ? EventTypeName.Parse(reader.ValueSpan)
            : reader.ValueTextEquals("viewed"u8) ? EventType.Viewed
            : reader.ValueTextEquals("downloaded"u8) ? EventType.Downloaded
            : reader.ValueTextEquals("printed"u8) ? EventType.Printed
            : EventType.None;
        fault = type == EventType.None ? $"Invalid enum value. Expected {Words}, received '{reader.GetString()}'" : null;
        return type;
    }

    /// <summary>Writes an id; 0 for a string that is none by its length. Of what characters it is, the catalog knows.</summary>
    [SkipLocalsInit]
    private static int ReadId(ref Utf8JsonReader reader, Span<byte> id)
    {
        if (reader.ValueSpan.Length > LongestSpelling)
            return 0;
        Span<byte> text = stackalloc byte[LongestSpelling];
        text = text[..reader.CopyString(text)];
        return text.TryCopyTo(id) ? text.Length : 0;
    }

    [SkipLocalsInit]
    private static ClientAddress? ReadAddress(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > LongestSpelling)
            return null;
        Span<char> text = stackalloc char[LongestSpelling];
        return ForwardedForReader.TryReadElement(text[..reader.CopyString(text)], out var address) ? address : null;
    }
}
