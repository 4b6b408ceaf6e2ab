using System.Text.Json;
using System.Text.Unicode;

namespace CraftKit.Edge.Json;

/// <summary>What is JSON for this service (docs/API.md, "body"): one value in UTF-8, as JavaScript's <c>JSON.parse</c> reads it.</summary>
/// <remarks>Stricter than JavaScript in two things: bytes that are not UTF-8 and escapes of unpaired surrogates have no meaning in UTF-8,
/// wherever they stand, and nesting ends at <see cref="MaxDepth"/>. Who reads a value checks the bytes with <see cref="IsText"/> first, each
/// string with <see cref="HasPairedSurrogates"/> (as <see cref="TrySkip"/> does), and that nothing follows the value.</remarks>
internal static class JsonRules
{
    /// <summary>The deepest nesting that is read; the outermost object is the first level.</summary>
    public const int MaxDepth = 64;

    /// <summary>For every reader.</summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Disallow };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Whether the bytes are UTF-8. The reader looks at string bytes no closer than it must: this makes every one of them UTF-8.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes);

    /// <summary>The bytes behind a byte order mark, if there is one.</summary>
    public static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;

    /// <summary>Moves to the end of the value that begins here; false when a string within it has an unpaired surrogate.</summary>
    /// <exception cref="JsonException">What follows is no JSON.</exception>
    public static bool TrySkip(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        while (true)
        {
            if (!HasPairedSurrogates(ref reader))
                return false;
            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName)
                && reader.CurrentDepth == depth)
                return true;
            reader.Read();
        }
    }

    /// <summary>Whether the string or name at which the reader stands is Unicode; true for any other token.</summary>
    public static bool HasPairedSurrogates(ref Utf8JsonReader reader) =>
        !reader.ValueIsEscaped
        || reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)
        || EscapedSurrogates.ArePaired(reader.ValueSpan);

    /// <summary>What Zod calls the type of a value that begins with <paramref name="kind"/>.</summary>
    public static string NameOf(JsonTokenType kind) => kind switch
    {
        JsonTokenType.StartObject => "object",
        JsonTokenType.StartArray => "array",
        JsonTokenType.String => "string",
        JsonTokenType.Number => "number",
        JsonTokenType.Null => "null",
        _ => "boolean",
    };
}
