using System.Globalization;
using System.Net;
using CraftKit.Edge.Platform;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CraftKit.Edge.Http;

/// <summary>A URL to listen on: <c>http://</c>, an address of this machine, <c>localhost</c> or <c>*</c>, and a port.</summary>
internal sealed class ListenUrl
{
    private const int UsageExitCode = 2;

    private readonly string _text;
    private readonly IPAddress? _address;
    private readonly int _port;

    private ListenUrl(string text, IPAddress? address, int port)
    {
        _text = text;
        _address = address;
        _port = port;
    }

    /// <summary>Reads a URL.</summary>
    /// <exception cref="EdgeException">It is none, or one that cannot be listened on; exit code 2.</exception>
    public static ListenUrl Parse(string url)
    {
        const string Scheme = "http://";
        if (!url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw Invalid(url, "it must begin with http://");
        var authority = url.AsSpan(Scheme.Length);
        authority = authority.EndsWith('/') ? authority[..^1] : authority;
        var colon = authority.LastIndexOf(':');
        var hasPort = colon >= 0 && !authority[colon..].Contains(']');
        var host = hasPort ? authority[..colon] : authority;
        var port = 80;
        if (hasPort && (!int.TryParse(authority[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > IPEndPoint.MaxPort))
            throw Invalid(url, "its port must be a number from 0 to 65535");
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            // A free port that is free on both loopback addresses cannot be asked for.
            return new ListenUrl(url, port == 0 ? IPAddress.Loopback : null, port);
        }

        if (host is "*" or "+")
            return new ListenUrl(url, IPAddress.IPv6Any, port);
        if (host is ['[', .. var literal, ']'] && AddressReader.TryReadIPv6(literal, out _))
            return new ListenUrl(url, IPAddress.Parse(literal), port);
        if (AddressReader.TryReadIPv4(host, out _))
            return new ListenUrl(url, IPAddress.Parse(host), port);

        // Any other name would be taken for "all addresses" by the server, which is not what who writes a name expects.
        throw Invalid(url, "its host must be an IP address of this machine, localhost, or * for all addresses");
    }

    /// <summary>Adds the endpoint to a server's.</summary>
    public void Listen(KestrelServerOptions options, Action<ListenOptions> configure)
    {
        if (_address is null)
            options.ListenLocalhost(_port, configure);
        else
            options.Listen(_address, _port, configure);
    }

    /// <summary>As it was written.</summary>
    public override string ToString() => _text;

    private static EdgeException Invalid(string url, string reason) => new($"'{url}' is no URL to listen on: {reason}", UsageExitCode);
}
