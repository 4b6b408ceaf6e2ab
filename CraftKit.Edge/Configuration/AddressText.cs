using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace CraftKit.Edge.Configuration;

/// <summary>IP addresses as an operator may write them: stricter than <see cref="IPAddress.Parse(string)"/>, which takes <c>1</c>,
/// <c>0x7f.1</c> and <c>203.0.113</c> for addresses too, and nobody means what it makes of them.</summary>
internal static class AddressText
{
    /// <summary>Reads four decimal octets without leading zeros, or IPv6 without brackets, port and scope.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        if (text.AsSpan().IndexOfAny("[]%") >= 0 || !IPAddress.TryParse(text, out address))
        {
            address = null;
            return false;
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text;
    }
}
