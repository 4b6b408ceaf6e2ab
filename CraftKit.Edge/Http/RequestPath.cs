using CraftKit.Edge.Events;

namespace CraftKit.Edge.Http;

/// <summary>The path of a request target as it was sent, and the route that it names.</summary>
/// <remarks>Read from the raw target and not from the server's decoded path: that one resolves dot segments and leaves undecodable
/// escapes in place, so that two ids could look like one. Case counts, a trailing slash makes another path, the query is cut off.</remarks>
internal readonly ref struct RequestPath
{
    private readonly ReadOnlySpan<char> _id;

    private RequestPath(Route route, ReadOnlySpan<char> id)
    {
        Route = route;
        _id = id;
    }

    /// <summary>The route.</summary>
    public Route Route { get; }

    /// <summary>Reads a request target in origin form (<c>/path?query</c>) or absolute form (<c>http://host/path?query</c>).</summary>
    public static RequestPath Read(ReadOnlySpan<char> target)
    {
        if (!target.StartsWith('/'))
        {
            var authority = target.IndexOf("://");
            var slash = authority < 0 ? -1 : target[(authority + 3)..].IndexOf('/');
            if (slash < 0)
                return default;
            target = target[(authority + 3 + slash)..];
        }

        var query = target.IndexOf('?');
        var rest = (query < 0 ? target : target[..query])[1..];
        var first = Next(ref rest, out var more);
        if (!more)
            return new RequestPath(IsWord(first, "healthz") ? Route.Health : IsWord(first, "readyz") ? Route.Ready : Route.Unknown, default);
        if (!IsWord(first, "v1") || !IsWord(Next(ref rest, out more), "renders") || !more)
            return default;
        var id = Next(ref rest, out more);
        var last = Next(ref rest, out var evenMore);
        if (id.IsEmpty || !more || evenMore)
            return default;
        return new RequestPath(IsWord(last, "events") ? Route.Events : IsWord(last, "engagement") ? Route.Engagement : Route.Unknown, id);
    }

    /// <summary>Writes the decoded id.</summary>
    /// <param name="destination">At least <see cref="EventRecord.MaxIdLength"/> bytes.</param>
    /// <param name="length">The bytes written.</param>
    /// <returns>False when the segment decodes to nothing that could be an id, and so names no render.</returns>
    public bool TryReadId(Span<byte> destination, out int length)
    {
        length = 0;
        var rest = _id;
        while (TryTake(ref rest, out var character))
        {
            if (length == EventRecord.MaxIdLength || !(char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
                return false;
            destination[length++] = (byte)character;
        }

        return rest.IsEmpty && length > 0;
    }

    private static ReadOnlySpan<char> Next(scoped ref ReadOnlySpan<char> rest, out bool more)
    {
        var slash = rest.IndexOf('/');
        more = slash >= 0;
        var segment = more ? rest[..slash] : rest;
        rest = more ? rest[(slash + 1)..] : default;
        return segment;
    }

    /// <summary>Whether the segment is the word, as it is or with some of its letters as percent escapes (RFC 3986, 6.2.2.2).</summary>
    private static bool IsWord(ReadOnlySpan<char> segment, ReadOnlySpan<char> word)
    {
        if (segment.SequenceEqual(word))
            return true;
        if (!segment.Contains('%'))
            return false;
        foreach (var expected in word)
        {
            if (!TryTake(ref segment, out var character) || character != expected)
                return false;
        }

        return segment.IsEmpty;
    }

    /// <summary>Takes one character, a percent escape counting as the byte that it stands for; false at the end and at a bad escape,
    /// which stays in <paramref name="rest"/>.</summary>
    private static bool TryTake(scoped ref ReadOnlySpan<char> rest, out char character)
    {
        character = default;
        if (rest.IsEmpty)
            return false;
        character = rest[0];
        if (character != '%')
        {
            rest = rest[1..];
            return true;
        }

        if (rest.Length < 3 || !char.IsAsciiHexDigit(rest[1]) || !char.IsAsciiHexDigit(rest[2]))
            return false;
        character = (char)((HexValue(rest[1]) << 4) | HexValue(rest[2]));
        rest = rest[3..];
        return true;
    }

    private static int HexValue(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
