using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CraftKit.Edge.Catalog;

/// <summary>The SHA-256 of an API key as a value.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct KeyHash : IEquatable<KeyHash>
{
    private readonly ulong _a, _b, _c, _d;

    /// <summary>Takes 32 bytes.</summary>
    public static KeyHash Read(ReadOnlySpan<byte> hash) => MemoryMarshal.Read<KeyHash>(hash);

    /// <summary>Compares in constant time.</summary>
    public bool Equals(KeyHash other)
    {
        var mine = this;
        return CryptographicOperations.FixedTimeEquals(
            MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in mine)), MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in other)));
    }

    public override bool Equals(object? obj) => obj is KeyHash other && Equals(other);

    // Any piece of a SHA-256 is as good a hash as any.
    public override int GetHashCode() => (int)_a;
}
