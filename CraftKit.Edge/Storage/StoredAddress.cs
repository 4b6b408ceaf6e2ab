using System.Buffers.Binary;
using CraftKit.Edge.Events;

namespace CraftKit.Edge.Storage;

/// <summary>How <c>events.address</c> holds an address: 4 bytes for IPv4, 16 for IPv6.</summary>
internal static class StoredAddress
{
    /// <summary>Reads the column; an unreadable one is <c>::</c>.</summary>
    public static ClientAddress Read(ReadOnlySpan<byte> column) => column.Length switch
    {
        4 => ClientAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(column)),
        ClientAddress.Size => ClientAddress.Read(column),
        _ => default,
    };
}
