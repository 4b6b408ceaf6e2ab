using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace CraftKit.Edge.Catalog;

/// <summary>SipHash-2-4 with 128 bits of output (Aumasson, Bernstein 2012): a MAC for short inputs. Without its key nobody can tell
/// what it makes of an input, or find two inputs that meet.</summary>
internal readonly struct SipHash128(ulong key0, ulong key1)
{
    private readonly ulong _key0 = key0, _key1 = key1;

    /// <summary>A MAC with a key that nobody knows.</summary>
    public static SipHash128 CreateRandom()
    {
        Span<byte> key = stackalloc byte[16];
        RandomNumberGenerator.Fill(key);
        return new SipHash128(BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..]));
    }

    /// <summary>The MAC of <paramref name="input"/>; <paramref name="second"/> is its second half.</summary>
    public ulong Compute(ReadOnlySpan<byte> input, out ulong second)
    {
        var v0 = _key0 ^ 0x736F_6D65_7073_6575;
        var v1 = _key1 ^ 0x646F_7261_6E64_6F6D ^ 0xEE;
        var v2 = _key0 ^ 0x6C79_6765_6E65_7261;
        var v3 = _key1 ^ 0x7465_6462_7974_6573;
        var last = (ulong)input.Length << 56;
        while (input.Length >= 8)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(input);
            v3 ^= word;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= word;
            input = input[8..];
        }

        for (var i = 0; i < input.Length; i++)
            last |= (ulong)input[i] << (8 * i);
        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;

        v2 ^= 0xEE;
        for (var i = 0; i < 4; i++)
            Round(ref v0, ref v1, ref v2, ref v3);
        var first = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xDD;
        for (var i = 0; i < 4; i++)
            Round(ref v0, ref v1, ref v2, ref v3);
        second = v0 ^ v1 ^ v2 ^ v3;
        return first;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v2 += v3;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
