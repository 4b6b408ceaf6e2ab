using CraftKit.Edge.Events;

namespace CraftKit.Edge.Http;

/// <summary>Reads request targets as they were sent, piece by piece.</summary>
/// <remarks>Not from the server's decoded path: that one resolves dot segments and leaves undecodable escapes in place, so that two ids could
/// look like one. Case counts, a trailing slash makes another path.</remarks>
internal static class PathText
{
    /// <summary>The path of a target in origin form (<c>/path?query</c>) or absolute form (<c>http://host/path?query</c>), behind its first
    /// slash.</summary>
    /// <param name="target">The target.</param>
    /// <param name="path">The path; empty when there is none.</param>
    /// <param name="query">What stands behind the question mark; empty when there is nothing.</param>
    /// <returns>Whether there is a path.</returns>
    public static bool TrySplit(ReadOnlySpan<char> target, out ReadOnlySpan<char> path, out ReadOnlySpan<char> query)
    {
        path = query = default;
        if (!target.StartsWith('/'))
        {
            var authority = target.IndexOf("://");
            var slash = authority < 0 ? -1 : target[(authority + 3)..].IndexOf('/');
            if (slash < 0)
                return false;
            target = target[(authority + 3 + slash)..];
        }

        var mark = target.IndexOf('?');
        path = (mark < 0 ? target : target[..mark])[1..];
        query = mark < 0 ? default : target[(mark + 1)..];
        return true;
    }

    /// <summary>Takes the next segment.</summary>
    /// <param name="rest">The path from this segment on; afterwards from the next one on.</param>
    /// <param name="more">Whether there is a next one, be it empty.</param>
    public static ReadOnlySpan<char> Next(scoped ref ReadOnlySpan<char> rest, out bool more)
    {
        var slash = rest.IndexOf('/');
        more = slash >= 0;
        var segment = more ? rest[..slash] : rest;
        rest = more ? rest[(slash + 1)..] : default;
        return segment;
    }

    /// <summary>Whether the segment is the word, as it is or with some of its letters as percent escapes (RFC 3986, 6.2.2.2).</summary>
    public static bool IsWord(ReadOnlySpan<char> segment, ReadOnlySpan<char> word)
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

    /// <summary>Writes the decoded id that a segment is.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="destination">At least <see cref="EventRecord.MaxIdLength"/> bytes.</param>
    /// <param name="length">The bytes written.</param>
    /// <returns>False when the segment decodes to nothing that could be an id.</returns>
    public static bool TryReadId(ReadOnlySpan<char> segment, Span<byte> destination, out int length)
    {
        length = 0;
        while (TryTake(ref segment, out var character))
        {
            if (length == EventRecord.MaxIdLength || !(char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
                return false;
            destination[length++] = (byte)character;
        }

        return segment.IsEmpty && length > 0;
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
