using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace CraftKit.Edge.Events;

/// <summary>An IP address as a value of 16 bytes. IPv4 is kept in its IPv4-mapped IPv6 form, so the two spellings of one
/// address are one value (docs/API.md, "sourceIp").</summary>
internal readonly record struct ClientAddress(ulong High, ulong Low)
{
    /// <summary>Bytes in the stored form.</summary>
    public const int Size = 16;

    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary>Whether this is an IPv4 address (or its mapped form, which is the same here).</summary>
    public bool IsIPv4 => High == 0 && Low >> 32 == MappedPrefix >> 32;

    /// <summary>An IPv4 address from its 32 bits, first octet highest.</summary>
    public static ClientAddress FromIPv4(uint bits) => new(0, MappedPrefix | bits);

    /// <summary>Takes over an <see cref="IPAddress"/>; a scope is dropped, null (a peer without an address) is <c>::</c>.</summary>
    public static ClientAddress From(IPAddress? address)
    {
        if (address is null)
            return default;
        Span<byte> bytes = stackalloc byte[Size];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : Read(bytes);
    }

    /// <summary>Reads the stored form: 16 bytes, network order.</summary>
    public static ClientAddress Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..]));

    /// <summary>Writes the stored form: 16 bytes, network order.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    /// <summary>Dotted octets for IPv4, the short form of RFC 5952 for IPv6.</summary>
    public override string ToString()
    {
        if (IsIPv4)
            return $"{(byte)(Low >> 24)}.{(byte)(Low >> 16)}.{(byte)(Low >> 8)}.{(byte)Low}";
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return new IPAddress(bytes).ToString();
    }
}
