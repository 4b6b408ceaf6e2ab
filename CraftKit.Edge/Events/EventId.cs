using System.Buffers.Binary;

namespace CraftKit.Edge.Events;

/// <summary>A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, the version and variant bits, 74 bits that tell ids of one
/// millisecond apart. An event's <c>createdAt</c> is its id's time.</summary>
internal readonly record struct EventId(ulong High, ulong Low)
{
    /// <summary>Bytes in the stored form.</summary>
    public const int Size = 16;

    /// <summary>Unix time in milliseconds at which the event was recorded.</summary>
    public long UnixMilliseconds => (long)(High >> 16);

    /// <summary>The time at which the event was recorded, to the millisecond.</summary>
    public DateTimeOffset CreatedAt => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);

    /// <summary>Builds an id from its time (0 to 2^48-1 ms; values outside are clamped, a clock may be wrong) and random bits.</summary>
    public static EventId Create(long unixMilliseconds, ulong randomHigh, ulong randomLow)
    {
        var time = (ulong)Math.Clamp(unixMilliseconds, 0, 253_402_300_799_999);
        return new EventId((time << 16) | 0x7000 | (randomHigh & 0x0FFF), 0x8000_0000_0000_0000 | (randomLow & 0x3FFF_FFFF_FFFF_FFFF));
    }

    /// <summary>Reads the stored form: 16 bytes, network order.</summary>
    public static EventId Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..]));

    /// <summary>Writes the stored form: 16 bytes, network order.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    /// <summary>The canonical text of the UUID, lower case.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
