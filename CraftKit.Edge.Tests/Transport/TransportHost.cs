using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using CraftKit.Edge.Tests.Http;
using CraftKit.Edge.Transport;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace CraftKit.Edge.Tests.Transport;

/// <summary>The transport alone, without an HTTP server above it.</summary>
internal sealed class TransportHost : IAsyncDisposable
{
    private readonly EpollTransport _transport;
    private readonly ConcurrentBag<Socket> _peers = [];
    private readonly ConcurrentBag<ConnectionContext> _connections = [];

    private TransportHost(EpollTransport transport, IConnectionListener listener, LogLines log)
    {
        _transport = transport;
        Listener = listener;
        Log = log;
    }

    public IConnectionListener Listener { get; }

    public LogLines Log { get; }

    public EpollTransport Transport => _transport;

    public IPEndPoint EndPoint => (IPEndPoint)Listener.EndPoint;

    public static async Task<TransportHost> StartAsync(int threads = 1, IPEndPoint? endPoint = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the transport is Linux' own");
        var log = new LogLines();
        var transport = new EpollTransport(threads, log, TimeProvider.System);
        var listener = await transport.BindAsync(endPoint ?? new IPEndPoint(IPAddress.Loopback, 0), TestContext.Current.CancellationToken);
        return new TransportHost(transport, listener, log);
    }

    /// <summary>Connects, and gives both ends, which need not be disposed of. One at a time.</summary>
    public async Task<(Socket Peer, ConnectionContext Connection)> ConnectAsync()
    {
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _peers.Add(peer);
        var accepting = AcceptAsync();
        await peer.ConnectAsync(EndPoint, TestContext.Current.CancellationToken);
        return (peer, await accepting);
    }

    public async Task<ConnectionContext> AcceptAsync()
    {
        var connection = await Bytes.LeaveLoopAsync(Listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask());
        Assert.NotNull(connection);
        _connections.Add(connection);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
            peer.Dispose();
        foreach (var connection in _connections)
            await connection.DisposeAsync();
        await Listener.DisposeAsync();
        _transport.Dispose();
    }
}
