using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using Microsoft.Extensions.Primitives;

namespace CraftKit.Edge.Http;

/// <summary>Finds the client behind trusted proxies: the right-most address of <c>X-Forwarded-For</c> that is not trusted
/// (docs/API.md, "sourceIp").</summary>
/// <remarks>Only what a trusted proxy wrote may be believed, and proxies append on the right. So reading goes from the right and ends
/// at the first element that cannot be read: everything left of it is hearsay. Allocates nothing.</remarks>
internal static class ForwardedForReader
{
    /// <summary>The address that a request's events count for.</summary>
    public static ClientAddress Read(RequestContext context, TrustedProxies trusted) =>
        trusted.IsEmpty ? context.Peer : Read(context.Peer, trusted, context.Request.Headers["X-Forwarded-For"]);

    /// <summary>The address that an event of <paramref name="peer"/> counts for.</summary>
    /// <param name="peer">The address at the other end of the connection.</param>
    /// <param name="trusted">Whose header is believed.</param>
    /// <param name="lines">All lines of the header, which are read as one list.</param>
    public static ClientAddress Read(ClientAddress peer, TrustedProxies trusted, StringValues lines)
    {
        if (!trusted.Contains(peer))
            return peer;
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            var rest = lines[i].AsSpan();
            int comma;
            do
            {
                comma = rest.LastIndexOf(',');
                if (!TryReadElement(rest[(comma + 1)..].Trim(" \t"), out var address))
                    return peer;
                if (!trusted.Contains(address))
                    return address;
                rest = comma < 0 ? default : rest[..comma];
            }
            while (comma >= 0);
        }

        return peer;
    }

    /// <summary>Reads an address, with a port or without, an IPv6 address in brackets or bare.</summary>
    public static bool TryReadElement(ReadOnlySpan<char> element, out ClientAddress address)
    {
        address = default;
        if (element.IsEmpty)
            return false;
        if (element[0] == '[')
        {
            var end = element.IndexOf(']');
            return end > 0
                && (end == element.Length - 1 || IsPort(element[(end + 1)..]))
                && AddressReader.TryReadIPv6(element[1..end], out address);
        }

        var colon = element.IndexOf(':');
        if (colon < 0 || element[(colon + 1)..].Contains(':'))
            return AddressReader.TryRead(element, out address);

        // One colon: too few for IPv6 (whose shortest spelling, ::, has two), so this is IPv4 and a port.
        if (!IsPort(element[colon..]) || !AddressReader.TryReadIPv4(element[..colon], out var bits))
            return false;
        address = ClientAddress.FromIPv4(bits);
        return true;
    }

    private static bool IsPort(ReadOnlySpan<char> text)
    {
        if (text.Length is < 2 or > 6 || text[0] != ':')
            return false;
        var port = 0;
        foreach (var character in text[1..])
        {
            if (!char.IsAsciiDigit(character))
                return false;
            port = (port * 10) + (character - '0');
        }

        return port <= ushort.MaxValue;
    }
}
