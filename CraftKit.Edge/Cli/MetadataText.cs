using System.Buffers;

namespace CraftKit.Edge.Cli;

/// <summary>Stored metadata as it may stand in a line: the same JSON value with the same spelling of numbers, order and repeated keys, but
/// nothing in it that breaks a line or acts on a terminal.</summary>
internal static class MetadataText
{
    private static readonly SearchValues<byte> Special = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(value => (byte)value), 0x7F, 0xC2]);

    /// <summary>Writes a valid JSON value on one line. Control characters between tokens (JSON allows line breaks and tabs there)
    /// become spaces; those inside strings (JSON allows U+007F to U+009F raw) become escapes.</summary>
    public static void WriteOneLine(ReadOnlySpan<byte> json, IBufferWriter<byte> destination)
    {
        while (true)
        {
            var next = json.IndexOfAny(Special);
            if (next < 0)
            {
                destination.Write(json);
                return;
            }

            destination.Write(json[..next]);
            json = json[next..];
            // C2 leads U+0080 to U+00BF; the first half of those are control characters. They cannot stand outside a string.
            if (json is [0xC2, var low, ..])
            {
                if (low < 0xA0)
                    WriteEscape(low, destination);
                else
                    destination.Write(json[..2]);
                json = json[2..];
            }
            else
            {
                if (json[0] == 0x7F)
                    WriteEscape(json[0], destination);
                else
                    destination.Write(" "u8);
                json = json[1..];
            }
        }
    }

    private static void WriteEscape(byte control, IBufferWriter<byte> destination)
    {
        var digits = "0123456789abcdef"u8;
        destination.Write([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', digits[control >> 4], digits[control & 15]]);
    }
}
