using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CraftKit.Edge.Configuration;

/// <summary>The form of an element of <c>trustedProxies</c>.</summary>
internal static class TrustedProxyText
{
    /// <summary>What is wrong with an element; null when it is an address or a CIDR range.</summary>
    public static string? FindFault(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!AddressText.TryParse(slash < 0 ? text : text[..slash], out var address))
            return $"\"{text}\" is neither an IP address nor a range ADDRESS/BITS";
        if (slash < 0)
            return null;
        var most = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits) || bits > most)
            return $"\"{text}\" has a number of bits that is not 0 to {most}";
        return new IPNetwork(address, bits).BaseAddress.Equals(address) ? null : $"\"{text}\" has bits set beyond its first {bits}; write the range's first address";
    }
}
