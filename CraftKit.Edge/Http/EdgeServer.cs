using CraftKit.Edge.Http.Admin;
using CraftKit.Edge.Http.Bulk;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Service;
using CraftKit.Edge.Transport;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Http;

/// <summary>The listeners of both planes.</summary>
internal sealed class EdgeServer : IAsyncDisposable
{
    private readonly List<Listener> _listeners = [];
    private static readonly int SingleEvent = HttpStatus.SlotOf(200);

    private readonly EdgeServerOptions _options;
    private readonly IEdgeGateway _gateway;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private TlsCertificate? _certificate;
    private BulkWorker? _bulk;

    /// <param name="options">Where to listen, and the limits.</param>
    /// <param name="gateway">The service behind the routes.</param>
    /// <param name="loggers">Where failures go; the HTTP server's own messages from warnings on.</param>
    /// <param name="time">The clock of measurements.</param>
    public EdgeServer(EdgeServerOptions options, IEdgeGateway gateway, ILoggerFactory loggers, TimeProvider time)
    {
        _options = options;
        _gateway = gateway;
        _loggers = loggers;
        _time = time;
    }

    /// <summary>How long the socket threads keep requests waiting; null unless listening.</summary>
    public ILoopLag? Lag { get; private set; }

    /// <summary>Who follows the figures of the dashboard; null without an admin plane.</summary>
    public StatsFeed? Stats { get; private set; }

    /// <summary>Listens.</summary>
    /// <returns>The address of the data plane, then that of the admin plane if it is on, each with its real port.</returns>
    /// <exception cref="EdgeException">A URL is no address to listen on, its port is taken, or its certificate cannot be used.</exception>
    public async Task<IReadOnlyList<string>> StartAsync(CancellationToken cancellation = default)
    {
        var requests = new RequestMeter(RouteName.All, _time);
        _bulk = new BulkWorker(new EventTraffic(() => requests.Requests((int)Route.Events, SingleEvent), _time));
        var data = new EdgeApplication(_gateway, _bulk, _options, requests, _loggers.CreateLogger<EdgeApplication>());
        try
        {
            if (_options.Tls.Certificate.Length != 0)
                _certificate = new TlsCertificate(_options.Tls, _time, _loggers.CreateLogger<TlsCertificate>());
            var listener = Listener.ForData(_options, _certificate, requests, _loggers, _time);
            Lag = listener.Lag;
            var addresses = new List<string> { await StartAsync(listener, data, cancellation) };
            if (!string.IsNullOrEmpty(_options.AdminUrl))
            {
                var measures = new ServerMeasures(_time, requests, Lag!);
                Stats = new StatsFeed(_gateway, measures);
                var admin = new AdminApplication(_gateway, _options.MaxBodyBytes, measures, Stats, _loggers.CreateLogger<AdminApplication>());
                addresses.Add(await StartAsync(Listener.ForAdmin(_options.AdminUrl, _certificate, measures.AdminRequests, _loggers), admin, cancellation));
            }

            return addresses;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops accepting, lets requests in flight be answered, and after <paramref name="grace"/> cuts off what is left.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        // Those who follow the figures are answered for good by this; they would be in flight for ever.
        Stats?.Dispose();
        using var deadline = new CancellationTokenSource(grace);
        await Task.WhenAll(_listeners.Select(listener => listener.StopAsync(deadline.Token)));

        // A bulk request that was cut off may still be at work; after this it records nothing any more.
        _bulk?.Dispose();
    }

    /// <summary>Closes what is still open at once.</summary>
    public async ValueTask DisposeAsync()
    {
        Stats?.Dispose();
        foreach (var listener in _listeners)
            await listener.DisposeAsync();
        _listeners.Clear();
        _bulk?.Dispose();
        Lag = null;
        _certificate?.Dispose();
        _certificate = null;
    }

    private async Task<string> StartAsync<TContext>(
        Listener listener, IHttpApplication<TContext> application, CancellationToken cancellation)
        where TContext : notnull
    {
        _listeners.Add(listener);
        return await listener.StartAsync(application, cancellation);
    }
}
