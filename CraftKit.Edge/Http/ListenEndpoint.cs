using System.Net;
using CraftKit.Edge.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CraftKit.Edge.Http;

/// <summary>Makes a server listen where a <see cref="ListenUrl"/> says.</summary>
internal static class ListenEndpoint
{
    /// <summary>Adds the endpoint to a server's.</summary>
    public static void Listen(this KestrelServerOptions options, ListenUrl url, Action<ListenOptions> configure)
    {
        if (url.Address is { } address)
            options.Listen(address, url.Port, configure);
        else if (url.Host != "localhost")
            options.ListenAnyIP(url.Port, configure);
        else if (url.Port != 0)
            options.ListenLocalhost(url.Port, configure);
        else
            options.Listen(IPAddress.Loopback, 0, configure); // a port that is free on both loopback addresses cannot be asked for
    }
}
