using System.Buffers.Binary;

namespace CraftKit.Edge.Events;

/// <summary>One event as the journal carries it: a view over the payload's bytes, nothing copied.</summary>
/// <remarks>
/// Little-endian except ids and addresses, which are in network order. Written once, by the request that appends it.
/// <code>
/// offset size  meaning
///      0   16  event id, UUIDv7; its time is createdAt
///     16   16  sourceIp, IPv4 as mapped IPv6
///     32    8  time since boot at which the record was written, 100 ns
///     40    1  event type
///     41    1  flags: 1 share present, 2 user agent present, 4 metadata present
///     42    1  length of the project id, 1-64
///     43    1  length of the render id, 1-64
///     44    1  length of the share id, 0-64
///     45    1  0
///     46    2  length of the user agent in UTF-8, 0-1536
///     48    4  length of the metadata in bytes
///     52    -  project id, render id, share id, user agent, metadata
/// </code>
/// </remarks>
internal readonly ref struct EventRecord
{
    /// <summary>Bytes before the variable part.</summary>
    public const int HeaderSize = 52;

    /// <summary>The longest id (project, render, share) in bytes.</summary>
    public const int MaxIdLength = 64;

    /// <summary>The longest user agent: 512 UTF-16 units, each at most 3 bytes of UTF-8.</summary>
    public const int MaxUserAgentBytes = 512 * 3;

    private const byte ShareFlag = 1, UserAgentFlag = 2, MetadataFlag = 4;

    private readonly ReadOnlySpan<byte> _bytes;

    private EventRecord(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public EventId Id => EventId.Read(_bytes);

    public ClientAddress Address => ClientAddress.Read(_bytes[16..]);

    /// <summary>Time since boot at which the record was written, in units of 100 ns.</summary>
    public long Timestamp => BinaryPrimitives.ReadInt64LittleEndian(_bytes[32..]);

    public EventType Type => (EventType)_bytes[40];

    public bool HasShare => (_bytes[41] & ShareFlag) != 0;

    public bool HasUserAgent => (_bytes[41] & UserAgentFlag) != 0;

    public bool HasMetadata => (_bytes[41] & MetadataFlag) != 0;

    public ReadOnlySpan<byte> ProjectId => _bytes.Slice(HeaderSize, _bytes[42]);

    public ReadOnlySpan<byte> RenderId => _bytes.Slice(HeaderSize + _bytes[42], _bytes[43]);

    /// <summary>The share that the render had at the claim; empty without one.</summary>
    public ReadOnlySpan<byte> ShareId => _bytes.Slice(HeaderSize + _bytes[42] + _bytes[43], _bytes[44]);

    /// <summary>UTF-8; empty without one.</summary>
    public ReadOnlySpan<byte> UserAgent => _bytes.Slice(HeaderSize + _bytes[42] + _bytes[43] + _bytes[44], UserAgentLength);

    /// <summary>The JSON object as it was sent; empty without one.</summary>
    public ReadOnlySpan<byte> Metadata => _bytes[^MetadataLength..];

    /// <summary>The whole payload.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    private int UserAgentLength => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[46..]);

    private int MetadataLength => BinaryPrimitives.ReadInt32LittleEndian(_bytes[48..]);

    /// <summary>The size of the payload that <see cref="Write"/> fills for these parts.</summary>
    public static int SizeOf(int projectId, int renderId, int shareId, int userAgent, int metadata) =>
        HeaderSize + projectId + renderId + shareId + userAgent + metadata;

    /// <summary>The largest payload when the request's body may have <paramref name="maxBodyBytes"/> bytes.</summary>
    public static int MaxSize(int maxBodyBytes) => HeaderSize + (3 * MaxIdLength) + MaxUserAgentBytes + maxBodyBytes;

    /// <summary>Writes a payload of exactly <see cref="SizeOf"/> bytes. A share id, a user agent or metadata of length 0 counts as
    /// absent, except the user agent, whose header may be there and empty: <paramref name="hasUserAgent"/> says so.</summary>
    public static void Write(
        Span<byte> destination,
        EventId id,
        ClientAddress address,
        long timestamp,
        EventType type,
        ReadOnlySpan<byte> projectId,
        ReadOnlySpan<byte> renderId,
        ReadOnlySpan<byte> shareId,
        bool hasUserAgent,
        ReadOnlySpan<byte> userAgent,
        ReadOnlySpan<byte> metadata)
    {
        id.Write(destination);
        address.Write(destination[16..]);
        BinaryPrimitives.WriteInt64LittleEndian(destination[32..], timestamp);
        destination[40] = (byte)type;
        destination[41] = (byte)((shareId.IsEmpty ? 0 : ShareFlag) | (hasUserAgent ? UserAgentFlag : 0) | (metadata.IsEmpty ? 0 : MetadataFlag));
        destination[42] = (byte)projectId.Length;
        destination[43] = (byte)renderId.Length;
        destination[44] = (byte)shareId.Length;
        destination[45] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[46..], (ushort)userAgent.Length);
        BinaryPrimitives.WriteInt32LittleEndian(destination[48..], metadata.Length);
        var rest = destination[HeaderSize..];
        projectId.CopyTo(rest);
        rest = rest[projectId.Length..];
        renderId.CopyTo(rest);
        rest = rest[renderId.Length..];
        shareId.CopyTo(rest);
        rest = rest[shareId.Length..];
        userAgent.CopyTo(rest);
        metadata.CopyTo(rest[userAgent.Length..]);
    }

    /// <summary>Takes a payload for an event; false when its lengths do not add up or its type is none (a payload of another
    /// version, or damage that a checksum did not see).</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out EventRecord record)
    {
        record = new EventRecord(payload);
        if (payload.Length < HeaderSize)
            return false;
        var userAgent = record.UserAgentLength;
        var metadata = record.MetadataLength;
        return metadata >= 0
            && payload[40] is >= (byte)EventType.Viewed and <= (byte)EventType.Printed
            && payload[42] is > 0 and <= MaxIdLength && payload[43] is > 0 and <= MaxIdLength && payload[44] <= MaxIdLength
            && (long)HeaderSize + payload[42] + payload[43] + payload[44] + userAgent + metadata == payload.Length;
    }
}
