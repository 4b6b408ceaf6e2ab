using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace CraftKit.Edge.Json;

/// <summary>Finds where the strings of a JSON text stop to be plain ASCII: mostly at their closing quotes.</summary>
/// <remarks>
/// Most strings are shorter than what a search takes to begin. So the text is looked at in blocks of 64 bytes: a block becomes a word with a
/// bit for every stop, and the strings in it find theirs in the word. Nothing is read beyond the text, whose last block may therefore begin
/// before the one before it ends.
/// </remarks>
internal struct StringStops
{
    private const int BlockLength = 64;

    private static readonly SearchValues<byte> NotInText =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, ' ').Select(control => (byte)control)]);

    /// <summary>Where the block begins; at first so that no position is in it.</summary>
    private int _block = -BlockLength;

    /// <summary>The block's stops, the first byte in the lowest bit: quotes, backslashes, control characters, bytes beyond ASCII.</summary>
    private ulong _stops;

    public StringStops()
    {
    }

    /// <summary>Finds the next stop.</summary>
    /// <param name="text">The whole text, the same in every call.</param>
    /// <param name="at">Where to begin: in a string, and for speed not before the last call's.</param>
    /// <returns>The stop's position; the text's length when there is none, or the text has fewer than 16 bytes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(ReadOnlySpan<byte> text, int at)
    {
        while (true)
        {
            var offset = at - _block;
            if ((uint)offset < BlockLength)
            {
                var stops = _stops >> offset;
                if (stops != 0)
                    return at + BitOperations.TrailingZeroCount(stops);
                at = _block + BlockLength;
            }

            if (at >= text.Length || text.Length < Vector128<byte>.Count)
                return text.Length;
            _block = Math.Min(at, text.Length - Vector128<byte>.Count);
            _stops = StopsOf(text[_block..]);
        }
    }

    /// <summary>Finds the end of the string that has a stop at <paramref name="stop"/>, the first one.</summary>
    /// <returns>The position behind the closing quote; the text's length when the string has an escape, is malformed or has no end.</returns>
    public static int EndOf(ReadOnlySpan<byte> text, int stop)
    {
        if ((uint)stop >= (uint)text.Length)
            return text.Length;
        if (text[stop] == '"')
            return stop + 1;
        var rest = text[stop..];
        var length = rest.IndexOfAny(NotInText);
        return length > 0 && rest[length] == '"' && Utf8.IsValid(rest[..length]) ? stop + length + 1 : text.Length;
    }

    /// <summary>The stops among the first 64 bytes.</summary>
    /// <param name="text">At least 16 bytes.</param>
    private static ulong StopsOf(ReadOnlySpan<byte> text)
    {
        if (text.Length >= BlockLength)
            return StopsOf(text, 0) | StopsOf(text, 16) | StopsOf(text, 32) | StopsOf(text, 48);
        var last = text.Length - Vector128<byte>.Count;
        return StopsOf(text, 0) | StopsOf(text, Math.Min(16, last)) | StopsOf(text, Math.Min(32, last)) | StopsOf(text, last);
    }

    /// <summary>The stops among 16 bytes, in their place within the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong StopsOf(ReadOnlySpan<byte> text, int at)
    {
        var bytes = Vector128.Create(text[at..]);

        // As signed numbers the bytes beyond ASCII are less than a space too.
        var stops = Vector128.Equals(bytes, Vector128.Create((byte)'"'))
            | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
            | Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)' ')).AsByte();
        return (ulong)stops.ExtractMostSignificantBits() << at;
    }
}
