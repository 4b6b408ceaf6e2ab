using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using CraftKit.Edge.Events;
using CraftKit.Edge.Json;
using static CraftKit.Edge.Json.PlainJson;

namespace CraftKit.Edge.Http;

/// <summary>Reads the bodies that clients mostly send, for a fraction of what <see cref="EventBodyReader"/> takes: members of the schema
/// alone, each at most once and of its type, in <see cref="PlainJson"/>.</summary>
/// <remarks>It never decides that something is wrong. What it does not recognise is left to the general reader, which would say the very
/// same of everything that it does.</remarks>
internal static class PlainBodyReader
{
    /// <summary>Characters of an address; longer ones are hardly addresses.</summary>
    private const int LongestAddress = 64;

    /// <summary>Reads a body, or an item of a bulk request, if it is a plain one.</summary>
    /// <param name="body">Its bytes, into which the result looks.</param>
    /// <param name="id">Takes the id of an item's render.</param>
    /// <param name="isItem">Whether the body is an item.</param>
    /// <param name="read">What it says.</param>
    /// <returns>Whether it was recognised.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, Span<byte> id, bool isItem, out EventBody read)
    {
        read = default;
        var type = EventType.None;
        ReadOnlySpan<byte> metadata = default;
        var idLength = 0;
        ClientAddress? sourceIp = null;
        var at = SkipSpace(body, 0);
        if (At(body, at) != '{')
            return false;
        do
        {
            at = SkipSpace(body, at + 1);
            if (type == EventType.None && TrySkipName(body, "\"eventType\""u8, ref at))
            {
                type = ReadType(body, ref at);
                if (type == EventType.None)
                    return false;
            }
            else if (metadata.IsEmpty && TrySkipName(body, "\"metadata\""u8, ref at))
            {
                if (At(body, at) != '{')
                    return false;
                var start = at;
                at = EndOfObject(body, start);
                metadata = body[start..at];
            }
            else if (isItem && idLength == 0 && TrySkipName(body, "\"renderId\""u8, ref at))
            {
                var text = ReadString(body, ref at);
                if (text.IsEmpty || !text.TryCopyTo(id))
                    return false;
                idLength = text.Length;
            }
            else if (isItem && sourceIp is null && TrySkipName(body, "\"sourceIp\""u8, ref at))
            {
                if (!TryReadAddress(ReadString(body, ref at), out var address))
                    return false;
                sourceIp = address;
            }
            else
            {
                return false;
            }

            at = SkipSpace(body, at);
        }
        while (At(body, at) == ',');

        if (At(body, at) != '}' || SkipSpace(body, at + 1) != body.Length || type == EventType.None || (isItem && idLength == 0))
            return false;
        read = EventBody.Fitting(type, metadata, id[..idLength], sourceIp);
        return true;
    }

    /// <summary>Moves to the value of a member, if it is the one of that name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrySkipName(ReadOnlySpan<byte> body, ReadOnlySpan<byte> quoted, ref int at)
    {
        if (!body[at..].StartsWith(quoted))
            return false;
        var colon = SkipSpace(body, at + quoted.Length);
        if (At(body, colon) != ':')
            return false;
        at = SkipSpace(body, colon + 1);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static EventType ReadType(ReadOnlySpan<byte> body, ref int at)
    {
        var rest = body[at..];
        var (type, length) =
            rest.StartsWith("\"viewed\""u8) ? (EventType.Viewed, 8)
            : rest.StartsWith("\"downloaded\""u8) ? (EventType.Downloaded, 12)
            : rest.StartsWith("\"printed\""u8) ? (EventType.Printed, 9)
            : (EventType.None, 0);
        at += length;
        return type;
    }

    /// <summary>Moves behind the string that begins here.</summary>
    /// <returns>Its content; empty when there is none.</returns>
    private static ReadOnlySpan<byte> ReadString(ReadOnlySpan<byte> body, ref int at)
    {
        if (At(body, at) != '"')
            return default;
        var start = at + 1;
        at = StringStops.EndOf(body, new StringStops().Next(body, start));

        // Something has to follow: a string at the very end of a body is as good as none.
        return at == body.Length ? default : body[start..(at - 1)];
    }

    [SkipLocalsInit]
    private static bool TryReadAddress(ReadOnlySpan<byte> text, out ClientAddress address)
    {
        Span<char> characters = stackalloc char[LongestAddress];
        address = default;
        return text.Length <= LongestAddress
            && Ascii.ToUtf16(text, characters, out var length) == OperationStatus.Done
            && ForwardedForReader.TryReadElement(characters[..length], out address);
    }
}
