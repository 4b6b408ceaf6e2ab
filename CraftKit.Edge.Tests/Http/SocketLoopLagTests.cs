using CraftKit.Edge.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

public sealed class SocketLoopLagTests
{
    [Fact]
    public async Task An_idle_socket_thread_comes_round_at_once()
    {
        var log = new LogLines();
        using var lag = new SocketLoopLag(TimeProvider.System, log.CreateLogger<SocketLoopLag>());

        await UntilAsync(() => lag.Last > TimeSpan.Zero);

        Assert.InRange(lag.TakeMax(), TimeSpan.FromTicks(1), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_held_up_socket_thread_is_seen_and_warned_of_once()
    {
        var log = new LogLines();
        using var lag = new SocketLoopLag(new LateTime(SocketLoopLag.Threshold), log.CreateLogger<SocketLoopLag>());

        await UntilAsync(() => lag.Last >= SocketLoopLag.Threshold);
        await UntilAsync(() => !log.Lines.IsEmpty);
        await Task.Delay(500, TestContext.Current.CancellationToken);

        Assert.StartsWith("Warning", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.True(lag.TakeMax() >= SocketLoopLag.Threshold);
    }

    [Fact]
    public async Task Disposing_ends_it_in_silence()
    {
        var log = new LogLines();
        var lag = new SocketLoopLag(TimeProvider.System, log.CreateLogger<SocketLoopLag>());
        await UntilAsync(() => lag.Last > TimeSpan.Zero);

        lag.Dispose();
        lag.Dispose();
        await Task.Delay(200, TestContext.Current.CancellationToken);

        Assert.DoesNotContain(log.Lines, line => line.Contains("no longer measured", StringComparison.Ordinal));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 1_000 && !condition(); i++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.True(condition());
    }

    /// <summary>Reading this clock takes a while, so whoever reads it on a socket thread holds that thread up.</summary>
    private sealed class LateTime(TimeSpan delay) : TimeProvider
    {
        public override long GetTimestamp()
        {
            Thread.Sleep(delay);
            return base.GetTimestamp();
        }
    }
}
