using System.Runtime.CompilerServices;
using System.Text;

namespace CraftKit.Edge.Catalog;

/// <summary>Reads the key out of an <c>Authorization</c> header.</summary>
internal static class BearerKey
{
    /// <summary>Keys are 40 characters long; anything much longer is not looked at.</summary>
    public const int MaxLength = 128;

    /// <summary>Reads <c>Bearer KEY</c>, the first word in any case.</summary>
    /// <param name="header">The header's only value; empty when it is missing, or there more than once.</param>
    /// <param name="scheme">How the key has to begin.</param>
    /// <param name="key">The key: at most <see cref="MaxLength"/> characters, whichever.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<char> header, string scheme, out ReadOnlySpan<char> key)
    {
        const string Bearer = "Bearer";
        key = default;
        if (header.Length <= Bearer.Length || header[Bearer.Length] != ' '
            || !Ascii.EqualsIgnoreCase(header[..Bearer.Length], Bearer))
        {
            return false;
        }

        key = header[Bearer.Length..].Trim(' ');
        return key.Length <= MaxLength && key.StartsWith(scheme, StringComparison.Ordinal);
    }
}
