using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using CraftKit.Edge.Platform;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Transport;

/// <summary>A listening socket: one loop accepts, and gives each connection to the loop that has the fewest.</summary>
/// <remarks>
/// One socket for each loop (SO_REUSEPORT) would let a second process of the same user listen on our port in silence, and drop what waits
/// in a socket's queue when that is closed. One socket that all loops poll (EPOLLEXCLUSIVE) gives most connections to the loop that
/// polled last. Accepting costs a loop a few microseconds a connection, so one can do it for all.
/// </remarks>
internal sealed class EpollListener : IConnectionListener, IPollHandler
{
    /// <summary>Connections accepted in a row before others get their turn.</summary>
    private const int Turn = 64;

    /// <summary>Connections that may wait to be accepted; the system lowers it to net.core.somaxconn.</summary>
    private const int Backlog = 4096;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WarningPause = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly EventLoop[] _loops;
    private readonly ILogger _logger;
    private readonly IPEndPoint _endPoint;
    private readonly bool _isForAll;
    private readonly Timer _retry;
    private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = false, AllowSynchronousContinuations = true });

    // When the last warning was written, in milliseconds of Environment.TickCount64. Two that accept at once, at the end, may write two.
    private long _warnedAt = long.MinValue / 2;
    private int _isClosed;

    private EpollListener(Socket socket, EventLoop[] loops, ILogger logger)
    {
        _socket = socket;
        _loops = loops;
        _logger = logger;
        _endPoint = (IPEndPoint)socket.LocalEndPoint!;
        _isForAll = _endPoint.Address.Equals(IPAddress.Any) || _endPoint.Address.Equals(IPAddress.IPv6Any);
        _retry = new Timer(static self => ((EpollListener)self!).Retry(), this, Timeout.Infinite, Timeout.Infinite);
    }

    public EndPoint EndPoint => _endPoint;

    ulong IPollHandler.Key { get; set; }

    private int Descriptor => (int)_socket.SafeHandle.DangerousGetHandle();

    /// <summary>Listens.</summary>
    /// <exception cref="AddressInUseException">Somebody else does.</exception>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public static EpollListener Bind(IPEndPoint endPoint, EventLoop[] loops, ILogger logger)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;

            // Accepted sockets have both from their listener.
            socket.NoDelay = true;
            socket.Blocking = false;
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            var listener = new EpollListener(socket, loops, logger);
            var error = loops[0].TryAdd(listener, listener.Descriptor, PollEvents.Readable);
            return error == 0 ? listener : throw new IOException($"epoll: {LinuxSocket.Describe(error)}");
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException(exception.Message, exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_accepted.Reader.TryRead(out var connection))
                return connection;
        }

        return null;
    }

    /// <summary>Accepts what has connected so far and no more.</summary>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            _loops[0].Remove(this);
            _retry.Dispose();
            Accept(Backlog);
            _socket.Dispose();
            _accepted.Writer.Complete();
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync().ConfigureAwait(false);
        while (_accepted.Reader.TryRead(out var connection))
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    void IPollHandler.OnEvents(PollEvents events)
    {
        if (Volatile.Read(ref _isClosed) == 0)
            Accept(Turn);
    }

    void IPollHandler.OnTurn()
    {
    }

    // A failure of what was told of a connection is that connection's; listening goes on.
    void IPollHandler.OnFault(Exception exception)
    {
    }

    private void Accept(int most)
    {
        var isHeld = false;
        try
        {
            // Held open, so that its number is not somebody else's when the call is made.
            _socket.SafeHandle.DangerousAddRef(ref isHeld);
            while (most-- > 0 && TryAcceptOne())
            {
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile: there is nothing to accept any more.
        }
        finally
        {
            if (isHeld)
                _socket.SafeHandle.DangerousRelease();
        }
    }

    /// <summary>Accepts one; false when none waits or none can be taken now.</summary>
    private unsafe bool TryAcceptOne()
    {
        var address = stackalloc byte[LinuxSocket.MaxAddressBytes];
        var descriptor = LinuxSocket.Accept(Descriptor, address);
        if (descriptor >= 0)
        {
            Admit(descriptor, LinuxSocket.ReadAddress(address));
            return true;
        }

        var error = LinuxSocket.Error;
        switch (error)
        {
            case LinuxSocket.Again:
                return false;
            case LinuxSocket.Interrupted or LinuxSocket.ConnectionAborted or LinuxSocket.ProtocolError:
                return true;
            default:
                // Descriptors or memory have run out, mostly. The queue keeps the connections; polling it would only spin, so it rests a while.
                Warn(error);
                Rest();
                return false;
        }
    }

    private void Admit(int descriptor, IPEndPoint? remote)
    {
        var socket = new SharedSocket(descriptor);
        var loop = _loops[0];
        foreach (var other in _loops)
        {
            if (other.Handlers < loop.Handlers)
                loop = other;
        }

        var local = _isForAll ? LinuxSocket.LocalAddress(descriptor) : _endPoint;
        var connection = new EpollConnection(socket, loop, local, remote, _logger);
        var error = loop.TryAdd(connection, descriptor, EpollConnection.Watched);
        if (error != 0)
        {
            _logger.LogWarning("A connection cannot be watched and is closed: {Reason}", LinuxSocket.Describe(error));
            socket.Close();
            return;
        }

        // Runs the server's short reception of it here and now.
        if (!_accepted.Writer.TryWrite(connection))
            _ = connection.DisposeAsync().AsTask();
    }

    private void Warn(int error)
    {
        var now = Environment.TickCount64;
        if (now - _warnedAt < WarningPause.TotalMilliseconds)
            return;
        _warnedAt = now;
        _logger.LogWarning("Connections cannot be accepted: {Reason}. They wait until they can", LinuxSocket.Describe(error));
    }

    private void Rest()
    {
        Watch(PollEvents.None);
        Again();
    }

    private void Retry()
    {
        if (!Watch(PollEvents.Readable))
            Again();
    }

    private void Again()
    {
        try
        {
            _retry.Change(RetryPause, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile.
        }
    }

    /// <summary>Changes what the socket is watched for; false when the system refuses.</summary>
    private bool Watch(PollEvents events)
    {
        var isHeld = false;
        try
        {
            _socket.SafeHandle.DangerousAddRef(ref isHeld);
            return _loops[0].TryModify(this, Descriptor, events) == 0;
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile, or the loop has ended: there is nothing to watch any more.
            return true;
        }
        finally
        {
            if (isHeld)
                _socket.SafeHandle.DangerousRelease();
        }
    }
}
