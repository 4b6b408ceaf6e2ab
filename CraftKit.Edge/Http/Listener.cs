using System.Net.Sockets;
using System.Text;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace CraftKit.Edge.Http;

/// <summary>One HTTP server on one URL.</summary>
/// <remarks>
/// The server is built by itself, without a host: there is no content root to watch, no configuration that could reach in, no
/// container to ask. Each plane has one of its own, so that the admin plane stays off the socket threads (its handlers may wait) and
/// neither can use up the other's connections.
/// </remarks>
internal sealed class Listener : IAsyncDisposable
{
    /// <summary>The most connections at once on the data plane; more are closed as they come. Some 10 KB each while idle, so 200 MB.</summary>
    public const int MaxDataConnections = 20_000;

    /// <summary>The most connections at once on the admin plane.</summary>
    public const int MaxAdminConnections = 500;

    private readonly ListenUrl _url;
    private readonly KestrelServer _server;
    private readonly IConnectionListenerFactory _transport;

    private Listener(
        ListenUrl url,
        TlsCertificate? certificate,
        IConnectionListenerFactory transport,
        ILoopLag? lag,
        KestrelServerOptions options,
        RequestMeter meter,
        ILoggerFactory loggers)
    {
        _url = url;
        _transport = transport;
        Lag = lag;
        if (url.IsHttps)
            options.ApplicationServices = TlsListening.Services(loggers);
        options.Listen(url, endpoint =>
        {
            // HTTP/2 needs TLS in practice; without it only prior knowledge would choose it.
            endpoint.Protocols = HttpProtocols.Http1;
            if (url.IsHttps)
                endpoint.UseTls(certificate ?? throw new ArgumentNullException(nameof(certificate), $"{url} needs one"));
            var takesTurns = transport is EpollTransport && !url.IsHttps;
            ((IConnectionBuilder)endpoint).Use(next => new WrappedTransport(next, takesTurns, meter).OnConnectionAsync);
        });
        _server = new KestrelServer(Options.Create(options), transport, loggers);
    }

    /// <summary>How long the threads that serve the sockets keep requests waiting; null where requests run in the thread pool.</summary>
    public ILoopLag? Lag { get; }

    /// <summary>The data plane's: requests run on the threads that poll the sockets.</summary>
    /// <param name="options">Where to listen, and over which transport.</param>
    /// <param name="certificate">What an https URL needs.</param>
    /// <param name="meter">Counts what the server refuses by itself.</param>
    /// <param name="loggers">Where failures go.</param>
    /// <param name="time">The clock of the lag's measurement.</param>
    /// <exception cref="EdgeException">The URL is none, or the system refuses what the transport needs.</exception>
    public static Listener ForData(EdgeServerOptions options, TlsCertificate? certificate, RequestMeter meter, ILoggerFactory loggers, TimeProvider time)
    {
        var url = Parse(options.Url);
        var quiet = new WarningsOnlyLoggers(loggers);
        if (options.Transport == TransportKind.Epoll || (options.Transport == TransportKind.Auto && OperatingSystem.IsLinux()))
        {
            var epoll = new EpollTransport(SocketThreads.Count(options.TransportThreads), loggers, time);
            return new Listener(url, certificate, epoll, epoll.Lag, Limit(MaxDataConnections), meter, quiet);
        }

        // The runtime reads how many threads there are with the first socket.
        SocketThreads.Configure(options.TransportThreads);
        var sockets = Sockets(new SocketTransportOptions { UnsafePreferInlineScheduling = true, WaitForDataBeforeAllocatingBuffer = false }, quiet);
        return new Listener(url, certificate, sockets, new SocketLoopLag(time, loggers.CreateLogger<SocketLoopLag>()), Limit(MaxDataConnections), meter, quiet);
    }

    /// <summary>The admin plane's: requests run on the thread pool.</summary>
    /// <param name="url">Where to listen.</param>
    /// <param name="certificate">What an https URL needs.</param>
    /// <param name="meter">Counts what the server refuses by itself.</param>
    /// <param name="loggers">Where failures go.</param>
    public static Listener ForAdmin(string url, TlsCertificate? certificate, RequestMeter meter, ILoggerFactory loggers)
    {
        var quiet = new WarningsOnlyLoggers(loggers);
        return new Listener(Parse(url), certificate, Sockets(new SocketTransportOptions(), quiet), lag: null, Limit(MaxAdminConnections), meter, quiet);
    }

    /// <summary>Listens and answers with <paramref name="application"/>.</summary>
    /// <returns>The URL with its real port.</returns>
    /// <exception cref="EdgeException">The port is taken, not allowed, or the address is not this machine's.</exception>
    public async Task<string> StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellation)
        where TContext : notnull
    {
        try
        {
            await _server.StartAsync(application, cancellation);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new EdgeException($"{_url}: cannot listen: {ReasonOf(exception)}", inner: exception);
        }

        return _server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    /// <summary>Stops accepting and waits for requests in flight; <paramref name="deadline"/> cuts them off.</summary>
    public Task StopAsync(CancellationToken deadline) => _server.StopAsync(deadline);

    /// <summary>Closes everything at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        Lag?.Dispose();
        (_transport as IDisposable)?.Dispose();
    }

    private static ListenUrl Parse(string text) =>
        ListenUrl.TryParse(text, out var url, out var fault) ? url! : throw new EdgeException($"url: {fault}", ConfigurationFault.ExitCode);

    private static SocketTransportFactory Sockets(SocketTransportOptions options, ILoggerFactory loggers) => new(Options.Create(options), loggers);

    private static KestrelServerOptions Limit(int maxConnections)
    {
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,

            // One character a byte: no byte of a header makes the server refuse the request. Who reads a header decides what it means. But the length
            // is read by the server itself, which throws something else than a refusal at a long one in an encoding that is not its own.
            RequestHeaderEncodingSelector = static name => name == HeaderNames.ContentLength ? null : Encoding.Latin1,
        };
        var limits = options.Limits;
        limits.MaxConcurrentConnections = maxConnections;
        limits.MaxConcurrentUpgradedConnections = 0;

        // The routes know their own limits and check the key first. What they leave unread the server drains for 5 s at most.
        limits.MaxRequestBodySize = null;
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        return options;
    }

    private static string ReasonOf(Exception exception) => (exception as SocketException ?? exception.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.AccessDenied => "the port is reserved; take one above 1023 or grant the capability to bind it",
        SocketError.AddressNotAvailable => "the address is not one of this machine's; take one of its own, or 0.0.0.0 for all",
        _ when exception is AddressInUseException || exception.InnerException is AddressInUseException =>
            "the port is in use; stop the process that has it or choose another port",
        _ => exception.Message,
    };
}
