using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Xunit;

namespace CraftKit.Edge.Tests.Transport;

/// <summary>How connections begin and end, and what they tell of themselves.</summary>
public sealed class ConnectionTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1", "::1")]
    [InlineData("0.0.0.0", "127.0.0.1", "127.0.0.1")]
    [InlineData("::", "::1", "::1")]
    [InlineData("::", "127.0.0.1", "::ffff:127.0.0.1")]
    public async Task A_connection_knows_both_of_its_ends(string bound, string address, string expected)
    {
        await using var host = await TransportHost.StartAsync(endPoint: new IPEndPoint(IPAddress.Parse(bound), 0));
        var to = new IPEndPoint(IPAddress.Parse(address), host.EndPoint.Port);
        using var peer = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await peer.ConnectAsync(to, TestContext.Current.CancellationToken);
        var connection = await host.AcceptAsync();

        Assert.Equal(new IPEndPoint(IPAddress.Parse(expected), ((IPEndPoint)peer.LocalEndPoint!).Port), connection.RemoteEndPoint);
        Assert.Equal(new IPEndPoint(IPAddress.Parse(expected), to.Port), connection.LocalEndPoint);
        Assert.Same(connection.RemoteEndPoint, connection.RemoteEndPoint);
        Assert.Same(connection.RemoteEndPoint, connection.Features.Get<IConnectionEndPointFeature>()!.RemoteEndPoint);
        Assert.Equal(connection.ConnectionId, connection.Features.Get<IConnectionIdFeature>()!.ConnectionId);
        Assert.Same(connection.Transport, connection.Features.Get<IConnectionTransportFeature>()!.Transport);
        Assert.Same(connection.Items, connection.Features.Get<IConnectionItemsFeature>()!.Items);
        Assert.Equal(connection.ConnectionClosed, connection.Features.Get<IConnectionLifetimeFeature>()!.ConnectionClosed);
        Assert.NotNull(connection.Features.Get<IMemoryPoolFeature>()!.MemoryPool);
    }

    [Fact]
    public async Task Names_of_connections_differ()
    {
        await using var host = await TransportHost.StartAsync();
        var names = new HashSet<string>();
        for (var i = 0; i < 50; i++)
            Assert.True(names.Add((await host.ConnectAsync()).Connection.ConnectionId));
    }

    [Fact]
    public async Task Small_writes_leave_without_delay_and_child_processes_inherit_nothing()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var port = ((IPEndPoint)peer.LocalEndPoint!).Port;

        var descriptor = SocketDescriptor.Find(host.EndPoint.Port, port);

        Assert.NotNull(descriptor);
        Assert.True(descriptor.IsCloseOnExec && descriptor.IsNonBlocking, descriptor.ToString());
        Assert.True(descriptor.NoDelay);
        await connection.DisposeAsync();
        Assert.Null(SocketDescriptor.Find(host.EndPoint.Port, port));
    }

    [Fact]
    public async Task Disposing_says_goodbye_and_tells_that_the_connection_is_closed()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionClosed.Register(closed.SetResult);
        await connection.Transport.Output.WriteAsync(Bytes.Of(10), TestContext.Current.CancellationToken);

        await connection.DisposeAsync();
        await connection.DisposeAsync();

        Assert.Equal(Bytes.Of(10), await peer.ReceiveAllAsync());
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_the_peer_sent_and_nobody_read_does_not_cut_its_answer_off()
    {
        await using var host = await TransportHost.StartAsync();
        for (var round = 0; round < 50; round++)
        {
            var (peer, connection) = await host.ConnectAsync();
            await peer.SendAllAsync(new byte[100_000]);
            await connection.Transport.Output.WriteAsync(Bytes.Of(1_000), TestContext.Current.CancellationToken);
            await connection.DisposeAsync();

            // A reset would make this fail.
            Assert.Equal(Bytes.Of(1_000), await peer.ReceiveAllAsync());
        }
    }

    [Fact]
    public async Task An_abort_ends_a_read_and_resets_the_peer()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionClosed.Register(closed.SetResult);
        var reading = connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken);
        var reason = new ConnectionAbortedException("test");

        connection.Abort(reason);
        connection.Abort(new ConnectionAbortedException("second"));

        Assert.Same(reason, await Assert.ThrowsAsync<ConnectionAbortedException>(() => reading.PatientlyAsync()));
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<SocketException>(() => peer.ReceiveAsync(1));
        Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
        Assert.Same(reason, await Assert.ThrowsAsync<ConnectionAbortedException>(() => connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken).PatientlyAsync()));
        Assert.True((await connection.Transport.Output.WriteAsync(Bytes.Of(1), TestContext.Current.CancellationToken)).IsCompleted);
        await connection.DisposeAsync();
        connection.Abort(new ConnectionAbortedException("late"));
    }

    [Fact]
    public async Task An_abort_that_meets_a_read_about_to_wait_ends_it()
    {
        await using var host = await TransportHost.StartAsync();
        for (var round = 0; round < 300; round++)
        {
            var (peer, connection) = await host.ConnectAsync();
            var aborting = Task.Run(() => connection.Abort(new ConnectionAbortedException("test")), TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<ConnectionAbortedException>(() => connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken).PatientlyAsync());
            await aborting;
            await connection.DisposeAsync();
            peer.Dispose();
        }
    }

    [Fact]
    public async Task What_throws_on_a_loop_ends_its_connection_and_no_other()
    {
        await using var host = await TransportHost.StartAsync();
        var (goodPeer, good) = await host.ConnectAsync();
        for (var round = 0; round < 5; round++)
        {
            var (peer, connection) = await host.ConnectAsync();
            connection.OnRead(static () => throw new InvalidOperationException("thrown by a test"));
            await peer.SendAllAsync(Bytes.Of(1));
            Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(() => peer.ReceiveAsync(1))).SocketErrorCode);

            var reading = good.Transport.Input.ReadAsync(TestContext.Current.CancellationToken);
            await goodPeer.SendAllAsync(Bytes.Of(10));
            good.Transport.Input.AdvanceTo((await reading.PatientlyAsync()).Buffer.End);
        }

        Assert.Equal(5, host.Log.Lines.Count(line => line.Contains("thrown by a test", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Ending_the_transport_ends_what_waits()
    {
        var host = await TransportHost.StartAsync(threads: 3);
        var connections = new List<ConnectionContext>();
        for (var i = 0; i < 12; i++)
            connections.Add((await host.ConnectAsync()).Connection);
        var reads = connections.Select(connection => connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken)).ToList();
        await host.Listener.DisposeAsync();

        host.Transport.Dispose();

        foreach (var read in reads)
            await Assert.ThrowsAsync<ConnectionAbortedException>(() => read.PatientlyAsync());
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => connections[0].Transport.Input.ReadAsync(TestContext.Current.CancellationToken).PatientlyAsync());
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Connections_are_shared_out_evenly_over_the_loops()
    {
        await using var host = await TransportHost.StartAsync(threads: 3);
        var threads = new HashSet<string?>();
        for (var i = 0; i < 6; i++)
        {
            var (peer, connection) = await host.ConnectAsync();
            var thread = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            connection.OnRead(() => thread.SetResult(Thread.CurrentThread.Name));
            await peer.SendAllAsync(Bytes.Of(1));
            threads.Add(await thread.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        }

        Assert.Equal(["event loop 0", "event loop 1", "event loop 2"], threads.Order());
    }
}
