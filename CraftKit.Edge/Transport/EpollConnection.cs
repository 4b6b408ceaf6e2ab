using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using CraftKit.Edge.Platform;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Transport;

/// <summary>One connection: a socket, its two pipes, and what the HTTP server asks a transport for.</summary>
/// <remarks>
/// A peer that has closed its sending side still gets its answers: the input ends, nothing else. <see cref="ConnectionClosed"/> is
/// cancelled when the connection is gone in both directions: cut by the peer, aborted, or disposed of.
/// </remarks>
internal sealed class EpollConnection : ConnectionContext, IDuplexPipe, IPollHandler, IConnectionIdFeature, IConnectionTransportFeature,
    IConnectionItemsFeature, IConnectionLifetimeFeature, IConnectionEndPointFeature, IMemoryPoolFeature, IContinuationFeature
{
    /// <summary>What a connection is watched for, from its first to its last moment: that costs no call when there is room again.</summary>
    public const PollEvents Watched =
        PollEvents.Readable | PollEvents.Writable | PollEvents.PeerClosed | PollEvents.Urgent | PollEvents.EdgeTriggered;

    private const PollEvents Input = PollEvents.Readable | End | PollEvents.Urgent;
    private const PollEvents End = PollEvents.PeerClosed | Gone;
    private const PollEvents Gone = PollEvents.HungUp | PollEvents.Failed;

    // 256 KiB: more than a client has under way that stops when it is answered.
    private const int MaxDiscarded = 16;

    private static long _lastId;

    private readonly SharedSocket _socket;
    private readonly EventLoop _loop;
    private readonly ILogger _logger;
    private readonly SocketInput _input;
    private readonly SocketOutput _output;
    private readonly CancellationTokenSource _closed = new();
    private readonly FeatureCollection _features = new();
    private IDictionary<object, object?>? _items;
    private ConnectionAbortedException? _abortReason;
    private int _isClosedTold;
    private int _isDisposed;

    public EpollConnection(SharedSocket socket, EventLoop loop, EndPoint? local, EndPoint? remote, ILogger logger)
    {
        _socket = socket;
        _loop = loop;
        _logger = logger;
        _input = new SocketInput(this, socket, loop);
        _output = new SocketOutput(this, socket, loop);
        LocalEndPoint = local;
        RemoteEndPoint = remote;
        ConnectionClosed = _closed.Token;
        ConnectionId = Interlocked.Increment(ref _lastId).ToString("X8", CultureInfo.InvariantCulture);
        Transport = this;
        _features.Set<IConnectionIdFeature>(this);
        _features.Set<IConnectionTransportFeature>(this);
        _features.Set<IConnectionItemsFeature>(this);
        _features.Set<IConnectionLifetimeFeature>(this);
        _features.Set<IConnectionEndPointFeature>(this);
        _features.Set<IMemoryPoolFeature>(this);
        _features.Set<IContinuationFeature>(this);
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features => _features;

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    PipeReader IDuplexPipe.Input => _input;

    PipeWriter IDuplexPipe.Output => _output;

    System.Buffers.MemoryPool<byte> IMemoryPoolFeature.MemoryPool => _loop.Blocks;

    ulong IPollHandler.Key { get; set; }

    bool IContinuationFeature.GoesOnInPool
    {
        get => _input.GoesOnInPool;
        set => _input.GoesOnInPool = value;
    }

    /// <summary>Why the connection was aborted; null when it was not.</summary>
    public ConnectionAbortedException? AbortReason => Volatile.Read(ref _abortReason);

    /// <summary>The exception that users of pipes know for an errno of a connection.</summary>
    public static Exception ToException(int error)
    {
        var text = LinuxSocket.Describe(error);
        return error is LinuxSocket.ConnectionReset or LinuxSocket.BrokenPipe ? new ConnectionResetException(text)
            : error is LinuxSocket.ConnectionAborted ? new ConnectionAbortedException(text)
            : new IOException(text);
    }

    /// <summary>Cuts the connection; whatever waits on it ends. Any thread, any time.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (Interlocked.CompareExchange(ref _abortReason, abortReason, null) is not null || !_socket.TryEnter())
            return;

        // The reason stands before the event that this makes: the loop then finds it, and ends what waits.
        LinuxSocket.Cut(_socket.Descriptor);
        _socket.Leave();
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _input.Complete();
            _output.Complete();
            await _output.FinishAsync().ConfigureAwait(false);
            Close();
            OnPeerGone();
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The connection is gone in both directions. Any thread.</summary>
    public void OnPeerGone()
    {
        // In the pool: whoever registered may take his time.
        if (Interlocked.Exchange(ref _isClosedTold, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.TellClosed(), this, preferLocal: false);
    }

    void IPollHandler.OnEvents(PollEvents events)
    {
        // Before the input is told; see SocketInput.
        if ((events & (End | PollEvents.Urgent)) != 0)
            _input.DistrustShortReads();
        if ((events & Gone) != 0)
            OnPeerGone();
        if ((events & Input) != 0)
            _input.OnReadable();
        if ((events & (PollEvents.Writable | Gone)) != 0)
            _output.OnWritable();
    }

    void IPollHandler.OnTurn() => _input.OnTurn();

    void IPollHandler.OnFault(Exception exception) => Abort(new ConnectionAbortedException("What an event set on failed.", exception));

    private void Close()
    {
        _loop.Remove(this);
        if (_socket.TryEnter())
        {
            if (AbortReason is null && !_input.IsEnded)
            {
                // Our end first, then what the peer had sent meanwhile.
                _ = LinuxSocket.Shutdown(_socket.Descriptor, LinuxSocket.ShutSend);
                _input.Discard(MaxDiscarded);
            }

            _socket.Leave();
        }

        _socket.Close();
    }

    private void TellClosed()
    {
        try
        {
            _closed.Cancel();
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "What was to be told of the end of a connection failed");
        }
    }
}
