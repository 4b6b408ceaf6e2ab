using System.Globalization;
using System.Net;
using CraftKit.Edge.Events;

namespace CraftKit.Edge.Configuration;

/// <summary>An address to listen on: <c>scheme://host[:port]</c>, where the host is an IP address (IPv6 in brackets), <c>localhost</c>, or
/// <c>*</c> or <c>+</c> for every address. Other names are refused: a listener that took them would listen on every address too, which
/// nobody expects who writes a name.</summary>
/// <param name="IsHttps">Whether the scheme is https.</param>
/// <param name="Host">The host as it was written, without brackets.</param>
/// <param name="Port">0 to 65535; 0 lets the system choose one.</param>
internal sealed record ListenUrl(bool IsHttps, string Host, int Port)
{
    /// <summary>The address to bind; null for <c>localhost</c> and for every address.</summary>
    public IPAddress? Address => IPAddress.TryParse(Host, out var address) ? address : null;

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback => Host == "localhost" || (Address is { } address && IPAddress.IsLoopback(address));

    /// <summary>Reads an address.</summary>
    /// <param name="text">What the operator wrote.</param>
    /// <param name="url">The address, null when there is a fault.</param>
    /// <param name="fault">What is wrong with it, without naming the key; null when nothing is.</param>
    public static bool TryParse(string text, out ListenUrl? url, out string? fault)
    {
        url = null;
        var isHttps = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isHttps && !text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            fault = $"\"{text}\" is not of the form http://ADDRESS:PORT";
            return false;
        }

        var authority = text[(isHttps ? 8 : 7)..];
        if (authority.EndsWith('/'))
            authority = authority[..^1];
        if (authority.IndexOfAny('/', '?', '#') >= 0)
        {
            fault = $"\"{text}\" must end with the port; the paths are the service's own";
            return false;
        }

        var colon = authority.LastIndexOf(':');
        var hasPort = colon > authority.LastIndexOf(']');
        var port = isHttps ? 443 : 80;
        if (hasPort && (!int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > 65535))
        {
            fault = $"\"{text}\" has a port that is not 0 to 65535";
            return false;
        }

        var host = hasPort ? authority[..colon] : authority;
        if (!IsHost(host))
        {
            fault = $"\"{text}\" must name an IP address (IPv6 in brackets), localhost or *";
            return false;
        }

        url = new ListenUrl(isHttps, host.Trim('[', ']').ToLowerInvariant(), port);
        fault = null;
        return true;
    }

    /// <summary>The address as a URL again.</summary>
    public override string ToString()
    {
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return string.Create(CultureInfo.InvariantCulture, $"{(IsHttps ? "https" : "http")}://{host}:{Port}");
    }

    private static bool IsHost(string host)
    {
        if (host is "*" or "+" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        return host.StartsWith('[') && host.EndsWith(']')
            ? AddressReader.TryReadIPv6(host.AsSpan(1, host.Length - 2), out _)
            : AddressReader.TryReadIPv4(host, out _);
    }
}
