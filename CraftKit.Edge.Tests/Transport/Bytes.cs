using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace CraftKit.Edge.Tests.Transport;

/// <summary>Bytes of a known sequence, sent and checked.</summary>
internal static class Bytes
{
    /// <summary>The byte at a place of the sequence: never the same for long, and the same every time.</summary>
    public static byte At(long place, int seed = 0) => (byte)((place * 31) + (place >> 8) + seed);

    /// <summary>A part of the sequence.</summary>
    public static byte[] Of(int length, long start = 0, int seed = 0)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = At(start + i, seed);
        return bytes;
    }

    /// <summary>Whether these are the bytes of the sequence from <paramref name="start"/> on.</summary>
    public static void AssertAre(ReadOnlySequence<byte> bytes, long start, int seed = 0)
    {
        foreach (var part in bytes)
        {
            foreach (var one in part.Span)
            {
                if (one != At(start, seed))
                    Assert.Fail($"byte {start} is {one}, not {At(start, seed)}");
                start++;
            }
        }
    }

    /// <summary>Receives exactly so many bytes.</summary>
    public static async Task<byte[]> ReceiveAsync(this Socket socket, int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        var bytes = new byte[count];
        for (var received = 0; received < count;)
        {
            var more = await socket.ReceiveAsync(bytes.AsMemory(received), patience.Token);
            Assert.True(more > 0, $"the connection ended after {received} of {count} bytes");
            received += more;
        }

        return bytes;
    }

    /// <summary>Receives until the other end closes.</summary>
    public static async Task<byte[]> ReceiveAllAsync(this Socket socket)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        var all = new MemoryStream();
        var bytes = new byte[65_536];
        while (await socket.ReceiveAsync(bytes, patience.Token) is var more && more > 0)
            all.Write(bytes, 0, more);
        return all.ToArray();
    }

    public static async Task SendAllAsync(this Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, TestContext.Current.CancellationToken)..];
    }

    /// <summary>Cuts the connection: the other end sees a reset.</summary>
    public static void Cut(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Reads, and runs <paramref name="then"/> just where the read ends, with nothing between.</summary>
    public static void OnRead(this ConnectionContext connection, Action then)
    {
        var read = connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken);
        Assert.False(read.IsCompleted);
        var awaiter = read.ConfigureAwait(false).GetAwaiter();
        awaiter.UnsafeOnCompleted(then);
    }

    /// <summary>Waits a test's patience for a read, and leaves the loop's thread, which is not the test's to keep.</summary>
    public static async Task<ReadResult> PatientlyAsync(this ValueTask<ReadResult> read) => await LeaveLoopAsync(read.AsTask());

    /// <summary>Waits a test's patience for a flush.</summary>
    public static async Task<FlushResult> PatientlyAsync(this ValueTask<FlushResult> flush) => await LeaveLoopAsync(flush.AsTask());

    /// <summary>Waits a test's patience for something that a loop may end, and leaves the loop's thread.</summary>
    public static async Task<T> LeaveLoopAsync<T>(Task<T> task)
    {
        await ((Task)task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken))
            .ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return task.IsCompleted ? await task : throw new TimeoutException("A loop did not end it in 20 s.");
    }
}
