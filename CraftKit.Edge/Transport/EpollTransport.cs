using System.Globalization;
using System.Net;
using CraftKit.Edge.Platform;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Transport;

/// <summary>A transport for the HTTP server over Linux' epoll, which runs requests to completion on the threads that poll.</summary>
internal sealed class EpollTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private readonly EventLoop[] _loops;
    private readonly EventLoopLag _lag;
    private readonly ILogger _logger;

    /// <param name="threads">Event loops, at least one.</param>
    /// <param name="loggers">Where failures go.</param>
    /// <param name="time">The clock of warnings.</param>
    /// <exception cref="EdgeException">The system refuses an epoll.</exception>
    public EpollTransport(int threads, ILoggerFactory loggers, TimeProvider time)
    {
        _logger = loggers.CreateLogger<EpollTransport>();
        _lag = new EventLoopLag(threads, time, _logger);
        _loops = new EventLoop[threads];
        for (var i = 0; i < threads; i++)
        {
            _loops[i] = new EventLoop($"event loop {i.ToString(CultureInfo.InvariantCulture)}", _lag.ClockOf(i), _logger);
            _loops[i].Start();
        }
    }

    /// <summary>How long the loops keep requests waiting.</summary>
    public ILoopLag Lag => _lag;

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(EpollListener.Bind((IPEndPoint)endpoint, _loops, _logger));

    /// <summary>Ends the threads. After the listeners; connections that are left are cut.</summary>
    public void Dispose()
    {
        _lag.Dispose();
        foreach (var loop in _loops)
            loop.Dispose();
    }
}
