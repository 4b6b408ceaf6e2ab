using System.Buffers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace CraftKit.Edge.Tests.Transport;

/// <summary>What is written to the pipe, as it arrives.</summary>
public sealed class OutputTests
{
    // More than any socket buffers of the system take, so that the peer has to read.
    private const int Much = 30_000_000;

    [Fact]
    public async Task A_flush_is_sent_when_it_returns()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var output = connection.Transport.Output;
        for (var i = 0; i < 200; i++)
        {
            Assert.True(output.CanGetUnflushedBytes);
            output.Write(Bytes.Of(100 + i, seed: i));
            Assert.Equal(100 + i, output.UnflushedBytes);
            var flush = output.FlushAsync(TestContext.Current.CancellationToken);
            Assert.True(flush.IsCompletedSuccessfully);
            Assert.False((await flush).IsCompleted);
            Assert.Equal(0, output.UnflushedBytes);
            Assert.Equal(Bytes.Of(100 + i, seed: i), await peer.ReceiveAsync(100 + i));
        }
    }

    [Fact]
    public async Task Nothing_is_sent_before_it_is_flushed()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        connection.Transport.Output.Write(Bytes.Of(100));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(0, peer.Available);
        await connection.Transport.Output.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Bytes.Of(100), await peer.ReceiveAsync(100));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task However_bytes_are_written_and_received_none_is_lost_doubled_or_moved(int seed)
    {
        const int Total = 40_000_000;
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var receiving = Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var received = 0; received < Total;)
            {
                var bytes = await peer.ReceiveAsync(Math.Min(Total - received, random.Next(1, 500_000)));
                Bytes.AssertAre(new ReadOnlySequence<byte>(bytes), received);
                received += bytes.Length;
                if (random.Next(20) == 0)
                    await Task.Delay(1);
            }
        });

        var output = connection.Transport.Output;
        var choices = new Random(seed + 100);
        for (var written = 0; written < Total;)
        {
            // Small and large pieces, some larger than a block at once; more than asked for may be offered, and less be taken.
            var piece = Math.Min(Total - written, choices.Next(3) switch { 0 => choices.Next(1, 100), 1 => choices.Next(1, 16_384), _ => choices.Next(1, 300_000) });
            Bytes.Of(piece, written).CopyTo(output.GetSpan(piece));
            output.Advance(piece);
            written += piece;
            if (choices.Next(3) == 0)
                await output.FlushAsync(TestContext.Current.CancellationToken).PatientlyAsync();
        }

        await output.FlushAsync(TestContext.Current.CancellationToken).PatientlyAsync();
        await receiving;
    }

    [Fact]
    public async Task A_slow_reader_holds_the_writer_back_and_gets_everything()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var flush = connection.Transport.Output.WriteAsync(Bytes.Of(Much), TestContext.Current.CancellationToken);
        Assert.False(flush.IsCompleted);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(flush.IsCompleted);

        var received = await peer.ReceiveAsync(Much);

        var result = await flush.PatientlyAsync();
        Assert.False(result.IsCompleted || result.IsCanceled);
        Bytes.AssertAre(new ReadOnlySequence<byte>(received), 0);
        await connection.Transport.Output.WriteAsync(Bytes.Of(9), TestContext.Current.CancellationToken);
        Assert.Equal(Bytes.Of(9), await peer.ReceiveAsync(9));
    }

    [Fact]
    public async Task What_is_written_while_a_flush_waits_comes_with_the_next()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var output = connection.Transport.Output;
        var flush = output.WriteAsync(Bytes.Of(Much), TestContext.Current.CancellationToken);
        Assert.False(flush.IsCompleted);
        output.Write(Bytes.Of(100_000, start: Much));
        Assert.Throws<InvalidOperationException>(() => { _ = output.FlushAsync().AsTask(); });
        var receiving = peer.ReceiveAsync(Much + 100_000);
        await flush.PatientlyAsync();
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(receiving.IsCompleted);

        await output.FlushAsync(TestContext.Current.CancellationToken).PatientlyAsync();

        Bytes.AssertAre(new ReadOnlySequence<byte>(await receiving), 0);
    }

    [Fact]
    public async Task What_follows_a_flush_that_waited_does_not_run_on_the_loop()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var flush = connection.Transport.Output.WriteAsync(Bytes.Of(Much), TestContext.Current.CancellationToken);
        var thread = Task.Run(async () =>
        {
            await flush;
            return (Thread.CurrentThread.IsThreadPoolThread, Thread.CurrentThread.Name);
        });
        await peer.ReceiveAsync(Much);

        Assert.True((await thread).IsThreadPoolThread, (await thread).Name);
    }

    [Fact]
    public async Task A_flush_that_waits_is_cancelled_and_the_next_one_sends_the_rest()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var output = connection.Transport.Output;
        var flush = output.WriteAsync(Bytes.Of(Much), TestContext.Current.CancellationToken);
        output.CancelPendingFlush();
        Assert.True((await flush.PatientlyAsync()).IsCanceled);

        using var source = new CancellationTokenSource();
        flush = output.FlushAsync(source.Token);
        Assert.False(flush.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush.PatientlyAsync());

        var receiving = peer.ReceiveAsync(Much);
        Assert.False((await output.FlushAsync(TestContext.Current.CancellationToken).PatientlyAsync()).IsCanceled);
        Bytes.AssertAre(new ReadOnlySequence<byte>(await receiving), 0);
    }

    [Fact]
    public async Task Cancellations_beside_a_reader_lose_nothing()
    {
        const int Total = 40_000_000;
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var output = connection.Transport.Output;
        var receiving = peer.ReceiveAsync(Total);
        using var end = new CancellationTokenSource();
        var canceling = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                output.CancelPendingFlush();
                await Task.Yield();
            }
        });
        for (var written = 0; written < Total; written += 1_000_000)
            await output.WriteAsync(Bytes.Of(1_000_000, written), TestContext.Current.CancellationToken).PatientlyAsync();
        await end.CancelAsync();
        await canceling;
        while ((await output.FlushAsync(TestContext.Current.CancellationToken).PatientlyAsync()).IsCanceled)
        {
        }

        Bytes.AssertAre(new ReadOnlySequence<byte>(await receiving), 0);
    }

    [Fact]
    public async Task A_reset_ends_a_flush_that_waits_and_every_later_one()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionClosed.Register(closed.SetResult);
        var flush = connection.Transport.Output.WriteAsync(Bytes.Of(Much), TestContext.Current.CancellationToken);
        Assert.False(flush.IsCompleted);

        peer.Cut();

        Assert.True((await flush.PatientlyAsync()).IsCompleted);
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++)
            Assert.True((await connection.Transport.Output.WriteAsync(Bytes.Of(Much), TestContext.Current.CancellationToken).PatientlyAsync()).IsCompleted);
    }

    [Fact]
    public async Task A_completed_output_takes_nothing_more_and_disposing_sends_what_it_has()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        connection.Transport.Output.Write(Bytes.Of(Much));
        connection.Transport.Output.Complete();
        Assert.Throws<InvalidOperationException>(() => { _ = connection.Transport.Output.GetMemory(); });

        var disposing = connection.DisposeAsync().AsTask();
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(disposing.IsCompleted);
        Bytes.AssertAre(new ReadOnlySequence<byte>(await peer.ReceiveAllAsync()), 0);
        await disposing.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_abort_ends_disposing_that_waits_for_a_reader()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        connection.Transport.Output.Write(Bytes.Of(Much));
        var disposing = connection.DisposeAsync().AsTask();
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(disposing.IsCompleted);

        connection.Abort(new ConnectionAbortedException("test"));

        await disposing.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<SocketException>(() => peer.ReceiveAsync(Much));
    }

    [Fact]
    public async Task Whoever_writes_more_than_there_is_room_for_is_told()
    {
        await using var host = await TransportHost.StartAsync();
        var (_, connection) = await host.ConnectAsync();
        var output = connection.Transport.Output;
        Assert.Throws<ArgumentOutOfRangeException>(() => output.Advance(1));
        var room = output.GetMemory(100).Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => output.Advance(room + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => output.Advance(-1));
        Assert.True(output.GetMemory(1_000_000).Length >= 1_000_000);
    }
}
