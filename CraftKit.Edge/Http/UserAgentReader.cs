using System.Buffers;
using System.Text;
using System.Text.Unicode;
using CraftKit.Edge.Events;
using Microsoft.Extensions.Primitives;

namespace CraftKit.Edge.Http;

/// <summary>Turns the <c>User-Agent</c> header into the UTF-8 that is stored: cut at 512 UTF-16 units, never within a surrogate pair.</summary>
/// <remarks>The server hands header bytes over as Latin-1, one character a byte, because that refuses no byte. Here they become bytes
/// again: UTF-8 if the whole value is valid UTF-8, else Latin-1 after all.</remarks>
internal static class UserAgentReader
{
    /// <summary>The most UTF-16 units that are kept.</summary>
    public const int MaxUnits = 512;

    /// <summary>The header's one value; several lines are joined as HTTP joins them (RFC 9110, 5.3). Null without one.</summary>
    public static string? Join(StringValues lines) => lines.Count switch
    {
        0 => null,
        1 => lines[0],
        _ => string.Join(", ", lines.ToArray()),
    };

    /// <summary>Writes the value as UTF-8.</summary>
    /// <param name="latin1">The header's value, one character a byte.</param>
    /// <param name="destination">At least <see cref="EventRecord.MaxUserAgentBytes"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Read(ReadOnlySpan<char> latin1, Span<byte> destination)
    {
        var head = latin1[..Math.Min(latin1.Length, MaxUnits)];

        // ASCII reads the same either way, whatever follows what is kept.
        if (Ascii.FromUtf16(head, destination, out var written) == OperationStatus.Done)
            return written;

        var rented = ArrayPool<byte>.Shared.Rent(latin1.Length);
        var bytes = rented.AsSpan(0, Encoding.Latin1.GetBytes(latin1, rented));
        if (Utf8.IsValid(bytes))
        {
            written = LengthOfUnits(bytes, MaxUnits);
            bytes[..written].CopyTo(destination);
        }
        else
        {
            Utf8.FromUtf16(head, destination, out _, out written);
        }

        ArrayPool<byte>.Shared.Return(rented);
        return written;
    }

    /// <summary>The bytes at the start of valid UTF-8 that make up at most <paramref name="units"/> UTF-16 units in whole characters.</summary>
    private static int LengthOfUnits(ReadOnlySpan<byte> utf8, int units)
    {
        var length = 0;
        while (length < utf8.Length)
        {
            Rune.DecodeFromUtf8(utf8[length..], out var rune, out var consumed);
            units -= rune.Utf16SequenceLength;
            if (units < 0)
                break;
            length += consumed;
        }

        return length;
    }
}
