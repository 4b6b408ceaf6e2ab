using System.Net.Security;
using CraftKit.Edge.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Http;

/// <summary>Puts the server's own TLS under an endpoint.</summary>
internal static class TlsListening
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>What the server's TLS asks a container for, which a server that is built by itself does not have.</summary>
    public static IServiceProvider Services(ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton(loggers);
        return builder.Build().Services;
    }

    /// <summary>Has connections of the endpoint begin with a handshake: TLS 1.2 or newer as the system offers it, HTTP/2 or HTTP/1.1 as the
    /// client chooses.</summary>
    public static void UseTls(this ListenOptions endpoint, TlsCertificate certificate)
    {
        endpoint.Protocols = HttpProtocols.Http1AndHttp2;

        // A handshake computes for a millisecond and more, so over the own transport it goes on in the thread pool and keeps no other connection
        // waiting. The platform's sockets have no such switch.
        endpoint.Use(next => connection => GoOn(connection, next, inPool: true));
        endpoint.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = HandshakeTimeout,
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Context,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            }),
        });
        endpoint.Use(next => connection => GoOn(connection, next, inPool: false));
    }

    private static Task GoOn(ConnectionContext connection, ConnectionDelegate next, bool inPool)
    {
        if (connection.Features.Get<IContinuationFeature>() is { } continuation)
            continuation.GoesOnInPool = inPool;
        return next(connection);
    }
}
