using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CraftKit.Edge.Json;

/// <summary>Finds where a JSON string, object or array ends that comes in pieces, by its quotes and brackets alone.</summary>
/// <remarks>
/// Brackets stand too close together for searches from one to the next. So the text is looked at in blocks of 64 bytes, of each of which words are
/// made that have a bit for every quote, backslash and bracket; what is within strings follows from the quotes by a few shifts. Opening brackets only have to be
/// counted. Only ASCII bytes are told apart, and UTF-8, right or wrong, has none of those within other characters.
/// </remarks>
internal struct ValueEnd
{
    private const int BlockLength = 64;

    /// <summary>Whether it is a string, which ends at its second quote; anything else ends with its last bracket.</summary>
    private readonly bool _isString;

    /// <summary>Brackets that are open.</summary>
    private int _depth;

    /// <summary>All bits set while the text goes on within a string, else none.</summary>
    private ulong _inString;

    /// <summary>Whether the next byte stands within a string behind a backslash.</summary>
    private bool _isEscaped;

    /// <param name="isString">Whether the value begins with a quote and not with a bracket.</param>
    public ValueEnd(bool isString) => _isString = isString;

    /// <summary>Looks at the next piece; the first one begins with the value's own first byte.</summary>
    /// <returns>Where the value has ended: the position behind its last byte; -1 when it goes on.</returns>
    public int Find(ReadOnlySpan<byte> piece)
    {
        for (var at = 0; at < piece.Length; at += BlockLength)
        {
            var block = piece[at..];
            var end = block.Length >= BlockLength ? FindIn(block, BlockLength) : FindInLast(block);
            if (end >= 0)
                return at + end + 1;
        }

        return -1;
    }

    [SkipLocalsInit]
    private int FindInLast(ReadOnlySpan<byte> rest)
    {
        // Spaces mean nothing, in a string or not.
        Span<byte> block = stackalloc byte[BlockLength];
        rest.CopyTo(block);
        block[rest.Length..].Fill((byte)' ');
        return FindIn(block, rest.Length);
    }

    /// <param name="block">64 bytes or more.</param>
    /// <param name="length">How many of them are text.</param>
    /// <returns>The position of the value's last byte; -1 when it goes on.</returns>
    private int FindIn(ReadOnlySpan<byte> block, int length)
    {
        var (quotes, backslashes, opens, closes) = MarksOf(block);
        if (backslashes != 0 || _isEscaped)
            quotes = WithoutEscaped(quotes, backslashes, length);

        // A bit is set from an opening quote up to the byte before its closing one.
        var inString = PrefixXor(quotes) ^ _inString;
        _inString = (ulong)((long)inString >> (BlockLength - 1));
        if (_isString)
        {
            var ends = quotes & ~inString;
            return ends == 0 ? -1 : BitOperations.TrailingZeroCount(ends);
        }

        opens &= ~inString;
        for (closes &= ~inString; closes != 0; closes &= closes - 1)
        {
            var before = (closes & (0 - closes)) - 1;
            _depth += BitOperations.PopCount(opens & before) - 1;
            if (_depth == 0)
                return BitOperations.TrailingZeroCount(closes);
            opens &= ~before;
        }

        _depth += BitOperations.PopCount(opens);
        return -1;
    }

    /// <summary>The quotes that begin or end a string. Outside of strings a backslash means nothing.</summary>
    private ulong WithoutEscaped(ulong quotes, ulong backslashes, int length)
    {
        var left = _isEscaped ? (quotes | backslashes) & ~1ul : quotes | backslashes;
        var (kept, inString) = (0ul, _inString != 0);
        _isEscaped = false;
        for (; left != 0; left &= left - 1)
        {
            var mark = left & (0 - left);
            if ((quotes & mark) != 0)
            {
                kept |= mark;
                inString = !inString;
            }
            else if (inString)
            {
                left &= ~(mark << 1);
                _isEscaped = mark == 1ul << (length - 1);
            }
        }

        return kept;
    }

    /// <summary>Each bit becomes the parity of itself and those below it.</summary>
    private static ulong PrefixXor(ulong bits)
    {
        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ (bits << 32);
    }

    /// <summary>What the first 64 bytes have, the first byte in the lowest bit.</summary>
    private static (ulong Quotes, ulong Backslashes, ulong Opens, ulong Closes) MarksOf(ReadOnlySpan<byte> block)
    {
        ulong quotes = 0, backslashes = 0, opens = 0, closes = 0;
        for (var at = 0; at < BlockLength; at += Vector128<byte>.Count)
        {
            var bytes = Vector128.Create(block[at..]);

            // Only in this bit do brackets and braces differ, and no other byte is either with it set.
            var brackets = bytes | Vector128.Create((byte)0x20);
            quotes |= BitsOf(Vector128.Equals(bytes, Vector128.Create((byte)'"')), at);
            backslashes |= BitsOf(Vector128.Equals(bytes, Vector128.Create((byte)'\\')), at);
            opens |= BitsOf(Vector128.Equals(brackets, Vector128.Create((byte)'{')), at);
            closes |= BitsOf(Vector128.Equals(brackets, Vector128.Create((byte)'}')), at);
        }

        return (quotes, backslashes, opens, closes);
    }

    private static ulong BitsOf(Vector128<byte> marks, int at) => (ulong)marks.ExtractMostSignificantBits() << at;
}
