using CraftKit.Edge.Dedupe;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Dedupe;

public sealed class RestoreTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);
    private readonly DedupeWindow _window;

    public RestoreTests() => _window = new DedupeWindow(new SinceBoot(_clock, DateTimeOffset.UnixEpoch), Day, 100_000);

    [Fact]
    public void A_claim_from_before_the_boot_is_live_until_its_window_ends()
    {
        var claimedAt = -TimeSpan.FromHours(23).Ticks;
        _window.Restore(Keys.Number(1), claimedAt);
        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.Equal(ClaimStatus.Duplicate, _window.Claim(Keys.Number(1), out var standing));
        Assert.Equal(claimedAt, standing);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(ClaimStatus.Recorded, _window.Claim(Keys.Number(1), out _));
    }

    [Theory]
    [InlineData(-5, -3)]
    [InlineData(-3, -5)]
    public void Of_two_claims_of_one_key_the_later_stands(long first, long second)
    {
        _window.Restore(Keys.Number(1), first);
        _window.Restore(Keys.Number(1), second);

        Assert.True(_window.TryFindLive(Keys.Number(1), out var claimedAt));
        Assert.Equal(-3, claimedAt);
        Assert.Equal(1, _window.Count);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-TimeSpan.TicksPerDay)]
    public void An_expired_claim_is_left_out(long claimedAt)
    {
        _window.Restore(Keys.Number(1), claimedAt);

        Assert.Equal(0, _window.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void A_claim_of_the_future_counts_as_made_now(long claimedAt)
    {
        _window.Restore(Keys.Number(1), claimedAt);

        Assert.True(_window.TryFindLive(Keys.Number(1), out var found));
        Assert.Equal(0, found);
    }

    [Fact]
    public void Restored_claims_outlive_growth_and_sweeps()
    {
        for (var i = 0; i < 50_000; i++)
            _window.Restore(Keys.Number(i), -TimeSpan.FromHours(i % 24).Ticks);
        _window.Sweep();

        for (var i = 0; i < 50_000; i++)
        {
            Assert.Equal(ClaimStatus.Duplicate, _window.Claim(Keys.Number(i), out var claimedAt));
            Assert.Equal(-TimeSpan.FromHours(i % 24).Ticks, claimedAt);
        }
    }
}
