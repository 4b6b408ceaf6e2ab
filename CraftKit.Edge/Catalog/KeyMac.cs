using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CraftKit.Edge.Catalog;

/// <summary>A keyed universal hash by which presented API keys are recognized: NH (Black, Halevi, Krawczyk, Krovetz, Rogaway 1999) on words of 64
/// bits, twice, under independent random keys that never leave the process.</summary>
/// <remarks>
/// <para>h(m) is the sum of (k[2i] + m[2i]) * (k[2i+1] + m[2i+1]) over the pairs of words of m: additions within a product modulo 2^64, the sum modulo 2^128.
/// The text is followed by 0x80, which is no ASCII, and zeros up to a whole pair, so no two texts give the same words.</para>
/// <para>For any two texts of one number of pairs the chance over the keys that a hash agrees is at most 2^-64 (the theorem of NH). A longer text has a
/// pair whose two key words nothing else depends on, and a product of two random words is any given number with a chance of at most
/// 2^-63. Two independent hashes: at most 2^-126.</para>
/// <para>That is all that is needed here, and no more is claimed. An attacker chooses the texts but never sees a hash, nor anything made from one
/// except whether his text was taken for the one that is remembered in its place; only texts are remembered whose SHA-256 matched. So
/// each try of his, however chosen, succeeds with that chance, and after a success he has what a valid key gives. A hash that is shown
/// to anybody would need a stronger function.</para>
/// </remarks>
internal sealed class KeyMac
{
    /// <summary>The longest text in characters.</summary>
    public const int MaxLength = BearerKey.MaxLength;

    /// <summary>Bytes that <see cref="Compute"/> needs room for.</summary>
    public const int BufferSize = MaxLength + PairSize;

    /// <summary>Random words that the hash is keyed with.</summary>
    public const int KeyWords = 2 * WordsAPair * (BufferSize / PairSize);

    private const int WordsAPair = 2;
    private const int PairSize = WordsAPair * sizeof(ulong);

    // Of each pair the two words of the first hash, then those of the second.
    private readonly ulong[] _key;

    /// <summary>Keys the hash.</summary>
    /// <param name="key"><see cref="KeyWords"/> random words.</param>
    internal KeyMac(ReadOnlySpan<ulong> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyWords);
        _key = key.ToArray();
    }

    /// <summary>A hash with a key that nobody knows.</summary>
    public static KeyMac CreateRandom()
    {
        Span<ulong> key = stackalloc ulong[KeyWords];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(key));
        return new KeyMac(key);
    }

    /// <summary>Hashes a text.</summary>
    /// <param name="buffer">Of <see cref="BufferSize"/> bytes; the text stands in it from the beginning, and what is behind is overwritten.</param>
    /// <param name="length">Of the text, at most <see cref="MaxLength"/> ASCII characters.</param>
    public Value Compute(Span<byte> buffer, int length)
    {
        Debug.Assert(buffer.Length == BufferSize && length is >= 0 and <= MaxLength);
        buffer.Slice(length, PairSize).Clear();
        buffer[length] = 0x80;
        var (high0, low0, high1, low1) = (0UL, 0UL, 0UL, 0UL);
        var words = MemoryMarshal.Cast<byte, ulong>(buffer[..((length / PairSize * PairSize) + PairSize)]);
        var key = _key.AsSpan();
        while (words.Length >= WordsAPair && key.Length >= 2 * WordsAPair)
        {
            Add(key[0] + words[0], key[1] + words[1], ref high0, ref low0);
            Add(key[2] + words[0], key[3] + words[1], ref high1, ref low1);
            words = words[WordsAPair..];
            key = key[(2 * WordsAPair)..];
        }

        return new Value(high0, low0, high1, low1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ulong left, ulong right, ref ulong high, ref ulong low)
    {
        var productHigh = Math.BigMul(left, right, out var productLow);
        low += productLow;
        high += productHigh + (low < productLow ? 1UL : 0UL);
    }

    /// <summary>Both hashes of a text.</summary>
    public readonly struct Value(ulong high0, ulong low0, ulong high1, ulong low1)
    {
        private readonly ulong _high0 = high0, _low0 = low0, _high1 = high1, _low1 = low1;

        /// <summary>A number below 2^<paramref name="bits"/> (1 to 32), the same for the same text, to keep it at.</summary>
        public int Place(int bits) => (int)(BitOperations.RotateLeft(_low0 ^ _high0, 32) * 0x9E37_79B9_7F4A_7C15 >> (64 - bits));

        /// <summary>In constant time: all words are compared whatever the first says, and there is no branch in between.
        /// (CryptographicOperations.FixedTimeEquals walks byte by byte, unoptimized, which takes longer than the hash itself.)</summary>
        public bool IsSame(in Value other) =>
            ((_high0 ^ other._high0) | (_low0 ^ other._low0) | (_high1 ^ other._high1) | (_low1 ^ other._low1)) == 0;

        /// <summary>For tests: the two hashes as numbers.</summary>
        internal (UInt128 First, UInt128 Second) ToNumbers() => (new UInt128(_high0, _low0), new UInt128(_high1, _low1));
    }
}
