using System.Globalization;
using CraftKit.Edge.Events;

namespace CraftKit.Edge.Bench;

/// <summary>Events as the journal carries them: ids of 36 characters, a user agent, metadata; <see cref="Size"/> bytes in all.</summary>
internal static class SampleEvents
{
    /// <summary>Bytes of one event.</summary>
    public const int Size = EventRecord.HeaderSize + (3 * 36) + 15 + 25;

    /// <summary>How render ids begin; a number follows.</summary>
    public const string RenderIds = "01980000-0000-7000-8000-";

    private static ReadOnlySpan<byte> ProjectId => "01980000-0000-7000-9000-000000000001"u8;

    private static ReadOnlySpan<byte> ShareId => "01980000-0000-7000-b000-000000000001"u8;

    private static ReadOnlySpan<byte> UserAgent => "Mozilla/5.0 (X)"u8;

    private static ReadOnlySpan<byte> Metadata => """{"source":"dashboard-ab"}"""u8;

    /// <summary>Writes the id of 36 characters that has this number.</summary>
    public static void WriteId(Span<byte> destination, string start, int number)
    {
        for (var i = 0; i < start.Length; i++)
            destination[i] = (byte)start[i];
        number.TryFormat(destination[start.Length..], out _, "x12", CultureInfo.InvariantCulture);
    }

    /// <summary>Writes an event of a render.</summary>
    /// <param name="destination">Of <see cref="Size"/> bytes.</param>
    /// <param name="render">The render's number.</param>
    /// <param name="number">The event's: its id and time.</param>
    public static void Write(Span<byte> destination, int render, long number)
    {
        Span<byte> renderId = stackalloc byte[36];
        WriteId(renderId, RenderIds, render);
        EventRecord.Write(
            destination,
            EventId.Create(1_790_000_000_000 + (number >> 8), (ulong)number, (ulong)number),
            ClientAddress.FromIPv4(0xC633_6400 | (uint)(number & 0xFF)),
            number,
            EventType.Viewed,
            ProjectId,
            renderId,
            ShareId,
            true,
            UserAgent,
            Metadata);
    }
}
