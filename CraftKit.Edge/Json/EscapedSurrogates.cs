using System.Globalization;

namespace CraftKit.Edge.Json;

/// <summary>Checks the <c>\u</c> escapes of a JSON string for surrogates that stand alone.</summary>
/// <remarks>Half a pair can only be an escape, since UTF-8 has no spelling for it; so its other half must be the very next escape.</remarks>
internal static class EscapedSurrogates
{
    private const int EscapeLength = 6;

    /// <summary>Whether every escaped surrogate has its other half.</summary>
    /// <param name="escaped">A JSON string's content, whose escapes are known to be well formed.</param>
    public static bool ArePaired(ReadOnlySpan<byte> escaped)
    {
        while (true)
        {
            var backslash = escaped.IndexOf((byte)'\\');
            if (backslash < 0)
                return true;
            escaped = escaped[backslash..];
            if (escaped[1] != 'u')
            {
                escaped = escaped[2..];
                continue;
            }

            var unit = UnitAt(escaped);
            escaped = escaped[EscapeLength..];
            if (!char.IsSurrogate(unit))
                continue;
            if (!char.IsHighSurrogate(unit) || !escaped.StartsWith("\\u"u8) || !char.IsLowSurrogate(UnitAt(escaped)))
                return false;
            escaped = escaped[EscapeLength..];
        }
    }

    private static char UnitAt(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
