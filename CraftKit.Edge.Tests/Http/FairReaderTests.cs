using System.IO.Pipelines;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Http;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

public sealed class FairReaderTests
{
    [Fact]
    public async Task A_connection_that_never_waits_leaves_the_thread_after_its_turn()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(new byte[FairReader.Turn * 4], TestContext.Current.CancellationToken);
        var reader = new FairReader(pipe.Reader);

        var inPlace = new List<int>();
        for (var i = 1; i <= FairReader.Turn * 3; i++)
        {
            var read = reader.ReadAsync(TestContext.Current.CancellationToken);
            if (read.IsCompleted)
                inPlace.Add(i);
            var result = await read;
            Assert.Equal((FairReader.Turn * 4) - i + 1, result.Buffer.Length);
            reader.AdvanceTo(result.Buffer.GetPosition(1));
        }

        int[] turns = [FairReader.Turn, FairReader.Turn * 2, FairReader.Turn * 3];
        Assert.Equal(Enumerable.Range(1, FairReader.Turn * 3).Except(turns), inPlace);
    }

    [Fact]
    public async Task A_read_that_changes_threads_can_be_cancelled()
    {
        var pipe = new Pipe();
        var reader = new FairReader(pipe.Reader);
        for (var i = 1; i <= FairReader.Turn; i++)
        {
            var read = reader.ReadAsync(TestContext.Current.CancellationToken);
            reader.CancelPendingRead();
            var result = await read;
            Assert.True(result.IsCanceled);
            reader.AdvanceTo(result.Buffer.End);
        }
    }

    [Theory]
    [InlineData("epoll")]
    [InlineData("sockets")]
    public async Task A_connection_of_many_turns_loses_nothing(string transport)
    {
        await using var server = await RunningServer.StartAsync(Enum.Parse<TransportKind>(transport, ignoreCase: true));
        await using var connection = await server.ConnectAsync();
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
                await connection.SendAsync(Enumerable.Repeat(Requests.Event(Requests.Viewed), 50).SelectMany(request => request).ToArray());
        });

        for (var i = 0; i < 2_000; i++)
            Assert.Equal(200, (await connection.ReceiveAsync()).Status);
        await sending;
        Assert.Equal(2_000, server.Gateway.Recorded.Count);
    }
}
