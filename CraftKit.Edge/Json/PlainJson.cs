using System.Runtime.CompilerServices;

namespace CraftKit.Edge.Json;

/// <summary>Recognises JSON as most programs write it: without escapes, not deeply nested. What it does not recognise may still be JSON.</summary>
/// <remarks>A method that moves on gives the text's length when it does not recognise what is there. Nothing stands at that position
/// (<see cref="At"/>), so that whatever has to follow is not recognised either.</remarks>
internal static class PlainJson
{
    /// <summary>The deepest nesting that is recognised; the outermost object is the first level.</summary>
    public const int MaxDepth = 16;

    /// <summary>The byte at a position; behind the text it is 0, which JSON has nowhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte At(ReadOnlySpan<byte> text, int at) => (uint)at < (uint)text.Length ? text[at] : (byte)0;

    /// <summary>The first position from <paramref name="at"/> on that is not whitespace.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipSpace(ReadOnlySpan<byte> text, int at) => At(text, at) > ' ' ? at : SkipSomeSpace(text, at);

    /// <summary>Finds the end of an object.</summary>
    /// <param name="text">The text in which it stands.</param>
    /// <param name="start">Where it opens.</param>
    /// <returns>The position behind its closing brace. An object with which the text ends cannot be told from what is not recognised; in
    /// a body something always follows.</returns>
    public static int EndOfObject(ReadOnlySpan<byte> text, int start)
    {
        var stops = new StringStops();

        // A bit for every open level, the innermost lowest: whether it is an object. Before them all stands a set bit.
        var levels = 0b11u;
        var at = SkipSpace(text, start + 1);
        if (At(text, at) == '}')
            return at + 1;
        at = EnterMember(text, at, levels, ref stops);
        while (true)
        {
            // In an object this is where a name stops, in an array where a value begins.
            if (IsObject(levels))
                at = Continues(text, at, "\":\""u8) ? at + 2 : SkipColon(text, at);
            var first = At(text, at);
            if (first == '"')
            {
                var stop = stops.Next(text, at + 1);
                if (Continues(text, stop, "\",\""u8))
                {
                    at = IsObject(levels) ? stops.Next(text, stop + 3) : stop + 2;
                    continue;
                }

                at = SkipSpace(text, StringStops.EndOf(text, stop));
            }
            else if (first is (byte)'{' or (byte)'[')
            {
                if (levels >= 1 << MaxDepth)
                    return text.Length;
                levels = (levels << 1) | (first == '{' ? 1u : 0u);
                at = SkipSpace(text, at + 1);
                if (At(text, at) != Closing(levels))
                {
                    at = EnterMember(text, at, levels, ref stops);
                    continue;
                }
            }
            else
            {
                at = SkipSpace(text, EndOfScalar(text, at));
            }

            while (At(text, at) == Closing(levels))
            {
                levels >>= 1;
                if (levels == 1)
                    return at + 1;
                at = SkipSpace(text, at + 1);
            }

            if (At(text, at) != ',')
                return text.Length;
            at = EnterMember(text, SkipSpace(text, at + 1), levels, ref stops);
        }
    }

    /// <summary>Moves from where a member or an element begins to where its name stops; an element has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int EnterMember(ReadOnlySpan<byte> text, int at, uint levels, ref StringStops stops) =>
        !IsObject(levels) ? at : At(text, at) == '"' ? stops.Next(text, at + 1) : text.Length;

    /// <summary>Moves from where a name stops to its value.</summary>
    private static int SkipColon(ReadOnlySpan<byte> text, int stop)
    {
        var at = SkipSpace(text, StringStops.EndOf(text, stop));
        return At(text, at) == ':' ? SkipSpace(text, at + 1) : text.Length;
    }

    /// <summary>Whether a string ends here and the next one begins, without whitespace: it is quicker to compare all of that at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Continues(ReadOnlySpan<byte> text, int stop, ReadOnlySpan<byte> between) =>
        (uint)stop < (uint)text.Length && text[stop..].StartsWith(between);

    private static bool IsObject(uint levels) => (levels & 1) != 0;

    private static byte Closing(uint levels) => IsObject(levels) ? (byte)'}' : (byte)']';

    private static int SkipSomeSpace(ReadOnlySpan<byte> text, int at)
    {
        while (At(text, at) is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
        return at;
    }

    private static int EndOfScalar(ReadOnlySpan<byte> text, int at) => At(text, at) switch
    {
        (byte)'t' when text[at..].StartsWith("true"u8) => at + 4,
        (byte)'f' when text[at..].StartsWith("false"u8) => at + 5,
        (byte)'n' when text[at..].StartsWith("null"u8) => at + 4,
        _ => EndOfNumber(text, at),
    };

    private static int EndOfNumber(ReadOnlySpan<byte> text, int at)
    {
        if (At(text, at) == '-')
            at++;
        at = At(text, at) == '0' ? at + 1 : EndOfDigits(text, at);
        if (At(text, at) == '.')
            at = EndOfDigits(text, at + 1);
        if (At(text, at) is not ((byte)'e' or (byte)'E'))
            return at;
        at++;
        if (At(text, at) is (byte)'+' or (byte)'-')
            at++;
        return EndOfDigits(text, at);
    }

    /// <summary>Moves behind one digit or more.</summary>
    private static int EndOfDigits(ReadOnlySpan<byte> text, int at)
    {
        if (!char.IsAsciiDigit((char)At(text, at)))
            return text.Length;
        do
            at++;
        while (char.IsAsciiDigit((char)At(text, at)));
        return at;
    }
}
