using System.Net.Sockets;
using CraftKit.Edge.Transport;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace CraftKit.Edge.Tests.Transport;

/// <summary>What arrives, read through the pipe.</summary>
public sealed class InputTests
{
    [Fact]
    public async Task Bytes_are_read_as_they_come()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var input = connection.Transport.Input;
        for (var i = 0; i < 200; i++)
        {
            var reading = input.ReadAsync(TestContext.Current.CancellationToken);
            Assert.False(reading.IsCompleted);
            await peer.SendAllAsync(Bytes.Of(100 + i, seed: i));
            var read = await reading.PatientlyAsync();
            Assert.Equal(100 + i, read.Buffer.Length);
            Assert.False(read.IsCompleted || read.IsCanceled);
            Bytes.AssertAre(read.Buffer, 0, seed: i);
            input.AdvanceTo(read.Buffer.End);
        }
    }

    [Fact]
    public async Task What_was_not_examined_is_given_again_at_once_and_what_was_is_not()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var input = connection.Transport.Input;
        await peer.SendAllAsync(Bytes.Of(10));
        var read = await input.ReadAsync(TestContext.Current.CancellationToken).PatientlyAsync();
        input.AdvanceTo(read.Buffer.GetPosition(3), read.Buffer.GetPosition(5));
        var again = input.ReadAsync(TestContext.Current.CancellationToken);
        Assert.True(again.IsCompleted);
        read = await again;
        Assert.Equal(7, read.Buffer.Length);
        Bytes.AssertAre(read.Buffer, 3);

        input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        Assert.False(input.TryRead(out var none));
        Assert.True(none.Buffer.IsEmpty);
        var waiting = input.ReadAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        await peer.SendAllAsync(Bytes.Of(5, start: 10));
        read = await waiting.PatientlyAsync();
        Assert.Equal(12, read.Buffer.Length);
        Bytes.AssertAre(read.Buffer, 3);
    }

    [Fact]
    public async Task Trying_finds_what_came_meanwhile()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var input = connection.Transport.Input;
        Assert.False(input.TryRead(out var read));
        await peer.SendAllAsync(Bytes.Of(10));
        for (var i = 0; i < 2_000 && !input.TryRead(out read); i++)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        Assert.Equal(10, read.Buffer.Length);
    }

    /// <summary>Any cutting into pieces, any way of taking them: the same bytes in the same order.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task However_bytes_are_sent_and_taken_none_is_lost_doubled_or_moved(int seed)
    {
        const int Total = 3_000_000;
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var sending = Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var sent = 0; sent < Total;)
            {
                var piece = Math.Min(Total - sent, random.Next(4) switch { 0 => random.Next(1, 20), 1 => 16_384, _ => random.Next(1, 60_000) });
                await peer.SendAllAsync(Bytes.Of(piece, sent));
                sent += piece;
                if (random.Next(8) == 0)
                    await Task.Delay(1);
            }

            peer.Shutdown(SocketShutdown.Send);
        });

        var input = connection.Transport.Input;
        var choices = new Random(seed + 100);
        var taken = 0L;
        while (true)
        {
            var read = await input.ReadAsync(TestContext.Current.CancellationToken).PatientlyAsync();
            Bytes.AssertAre(read.Buffer, taken);
            if (read.IsCompleted && choices.Next(2) == 0)
            {
                taken += read.Buffer.Length;
                break;
            }

            // Take some or all, and look at no less than what is taken; a big heap is taken, so that nothing grows without end.
            var consumed = read.Buffer.Length > 200_000 || choices.Next(3) == 0 ? read.Buffer.Length : choices.NextInt64(read.Buffer.Length + 1);
            var examined = choices.Next(2) == 0 ? read.Buffer.Length : choices.NextInt64(consumed, read.Buffer.Length + 1);
            input.AdvanceTo(read.Buffer.GetPosition(consumed), read.Buffer.GetPosition(examined));
            taken += consumed;
            if (choices.Next(10) == 0)
                await Task.Yield();
        }

        await sending;
        Assert.Equal(Total, taken);
    }

    [Fact]
    public async Task The_end_is_told_after_the_last_byte_and_answers_still_go_out()
    {
        await using var host = await TransportHost.StartAsync();
        for (var round = 0; round < 100; round++)
        {
            var (peer, connection) = await host.ConnectAsync();
            await peer.SendAllAsync(Bytes.Of(50));
            peer.Shutdown(SocketShutdown.Send);
            var input = connection.Transport.Input;
            var read = await input.ReadAsync(TestContext.Current.CancellationToken).PatientlyAsync();
            while (!read.IsCompleted)
            {
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                read = await input.ReadAsync(TestContext.Current.CancellationToken).PatientlyAsync();
            }

            Assert.Equal(50, read.Buffer.Length);
            input.AdvanceTo(read.Buffer.End);
            Assert.False(connection.ConnectionClosed.IsCancellationRequested);
            await connection.Transport.Output.WriteAsync(Bytes.Of(70), TestContext.Current.CancellationToken);
            Assert.Equal(Bytes.Of(70), await peer.ReceiveAsync(70));
            Assert.True((await input.ReadAsync(TestContext.Current.CancellationToken).PatientlyAsync()).IsCompleted);
        }
    }

    [Fact]
    public async Task A_reset_fails_the_read_and_tells_that_the_connection_is_closed()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionClosed.Register(closed.SetResult);
        var reading = connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken);

        peer.Cut();

        await Assert.ThrowsAsync<ConnectionResetException>(() => reading.PatientlyAsync());
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<ConnectionResetException>(() => connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken).PatientlyAsync());
    }

    [Fact]
    public async Task A_reset_is_told_also_while_nobody_reads()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionClosed.Register(closed.SetResult);

        peer.Cut();

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_cancelled_read_ends_with_what_is_there_and_the_next_goes_on()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var input = connection.Transport.Input;
        for (var round = 0; round < 300; round++)
        {
            // With a byte in every other round, which may be first, second or with the cancellation.
            var bytes = round % 2;
            var reading = input.ReadAsync(TestContext.Current.CancellationToken);
            var canceling = Task.Run(input.CancelPendingRead, TestContext.Current.CancellationToken);
            if (bytes != 0)
                await peer.SendAllAsync(Bytes.Of(1, start: round));
            var (canceled, received) = (0, 0);
            while (true)
            {
                var read = await reading.PatientlyAsync();
                canceled += read.IsCanceled ? 1 : 0;
                received += (int)read.Buffer.Length;
                Bytes.AssertAre(read.Buffer, round);
                input.AdvanceTo(read.Buffer.End);
                if (canceled > 0 && received >= bytes)
                    break;
                reading = input.ReadAsync(TestContext.Current.CancellationToken);
            }

            await canceling;
            Assert.Equal((1, bytes), (canceled, received));
        }
    }

    [Fact]
    public async Task A_read_that_is_cancelled_before_it_begins_ends_at_once()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        connection.Transport.Input.CancelPendingRead();
        var reading = connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken);
        Assert.True(reading.IsCompleted);
        Assert.True((await reading).IsCanceled);
    }

    [Fact]
    public async Task A_token_ends_its_read_and_no_later_one()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var input = connection.Transport.Input;
        for (var round = 0; round < 300; round++)
        {
            using var source = new CancellationTokenSource();
            var reading = input.ReadAsync(source.Token);
            var canceling = Task.Run(source.Cancel, TestContext.Current.CancellationToken);
            if (round % 2 == 0)
                await peer.SendAllAsync(Bytes.Of(1, start: round));
            try
            {
                var read = await reading.PatientlyAsync();
                input.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
            }
            catch (OperationCanceledException)
            {
            }

            await canceling;
            if (round % 2 != 0)
                continue;
            var after = await input.ReadAsync(TestContext.Current.CancellationToken).PatientlyAsync();
            Bytes.AssertAre(after.Buffer, round);
            input.AdvanceTo(after.Buffer.End);
        }
    }

    /// <summary>A receive stops at a mark of urgent data, however much stands behind it.</summary>
    [Fact]
    public async Task What_stands_behind_urgent_data_is_read_too()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var input = connection.Transport.Input;
        var expected = 0L;
        for (var round = 0; round < 20; round++)
        {
            await peer.SendAllAsync(Bytes.Of(100, expected));
            peer.Send([42], SocketFlags.OutOfBand);
            await peer.SendAllAsync(Bytes.Of(100, expected + 100));
            for (var end = expected + 200; expected < end;)
            {
                var read = await input.ReadAsync(TestContext.Current.CancellationToken).PatientlyAsync();
                Bytes.AssertAre(read.Buffer, expected);
                expected += read.Buffer.Length;
                input.AdvanceTo(read.Buffer.End);
            }
        }
    }

    [Fact]
    public async Task Nobody_reads_a_completed_input()
    {
        await using var host = await TransportHost.StartAsync();
        var (peer, connection) = await host.ConnectAsync();
        var pending = connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken);
        connection.Transport.Input.Complete();
        await Assert.ThrowsAsync<InvalidOperationException>(() => pending.PatientlyAsync());
        Assert.Throws<InvalidOperationException>(() => { _ = connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken).AsTask(); });
        Assert.Throws<InvalidOperationException>(() => connection.Transport.Input.TryRead(out var _));
        connection.Transport.Input.Complete();
    }

    [Fact]
    public async Task Who_always_has_more_lets_others_have_their_turn()
    {
        await using var host = await TransportHost.StartAsync();
        var (eager, first) = await host.ConnectAsync();
        var (modest, second) = await host.ConnectAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var sending = Task.Run(async () =>
        {
            var bytes = new byte[1 << 20];
            while (!end.IsCancellationRequested)
                await eager.SendAsync(bytes);
        });
        var inARow = 0;
        var longest = 0;
        var reading = Task.Run(async () =>
        {
            // Whoever reads byte by byte always has more.
            while (!end.IsCancellationRequested)
            {
                var read = first.Transport.Input.ReadAsync();
                inARow = read.IsCompleted ? inARow + 1 : 0;
                longest = Math.Max(longest, inARow);
                var result = await read;
                first.Transport.Input.AdvanceTo(result.Buffer.GetPosition(1));
            }
        });
        for (var i = 0; i < 200; i++)
        {
            await modest.SendAllAsync(Bytes.Of(10));
            var read = await second.Transport.Input.ReadAsync(TestContext.Current.CancellationToken).PatientlyAsync();
            second.Transport.Input.AdvanceTo(read.Buffer.End);
        }

        await end.CancelAsync();
        eager.Close();
        await Assert.ThrowsAnyAsync<Exception>(() => sending);
        await reading.ContinueWith(static _ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        Assert.InRange(longest, 2, SocketInput.Turn);
    }
}
