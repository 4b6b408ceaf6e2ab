using CraftKit.Edge.Dedupe;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Dedupe;

public sealed class WindowTests
{
    private static readonly TimeSpan Minutes5 = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _clock = new();
    private readonly DedupeWindow _window;

    public WindowTests() => _window = new DedupeWindow(_clock, Minutes5, 1_000_000);

    [Fact]
    public void The_first_claim_is_recorded_at_the_clocks_time()
    {
        Assert.Equal(ClaimStatus.Recorded, _window.Claim(Keys.Number(1), out var claimedAt));
        Assert.Equal(_clock.GetTimestamp(), claimedAt);
    }

    [Fact]
    public void A_second_claim_is_a_duplicate_and_names_the_first()
    {
        _window.Claim(Keys.Number(1), out var first);
        _clock.Advance(Minutes5 - TimeSpan.FromTicks(1));

        Assert.Equal(ClaimStatus.Duplicate, _window.Claim(Keys.Number(1), out var standing));
        Assert.Equal(first, standing);
    }

    [Fact]
    public void A_key_is_free_again_exactly_one_window_after_its_claim()
    {
        _window.Claim(Keys.Number(1), out _);
        _clock.Advance(Minutes5);

        Assert.Equal(ClaimStatus.Recorded, _window.Claim(Keys.Number(1), out _));
    }

    [Fact]
    public void A_duplicate_does_not_extend_the_window()
    {
        _window.Claim(Keys.Number(1), out _);
        _clock.Advance(Minutes5 - TimeSpan.FromSeconds(1));
        Assert.Equal(ClaimStatus.Duplicate, _window.Claim(Keys.Number(1), out _));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ClaimStatus.Recorded, _window.Claim(Keys.Number(1), out _));
    }

    [Fact]
    public void A_look_finds_a_live_claim_and_no_expired_one()
    {
        Assert.False(_window.TryFindLive(Keys.Number(1), out _));
        _window.Claim(Keys.Number(1), out var claimedAt);
        Assert.True(_window.TryFindLive(Keys.Number(1), out var found));
        Assert.Equal(claimedAt, found);
        _clock.Advance(Minutes5);

        Assert.False(_window.TryFindLive(Keys.Number(1), out _));
    }

    [Fact]
    public void A_look_claims_nothing()
    {
        _window.TryFindLive(Keys.Number(1), out _);

        Assert.Equal(0, _window.Count);
        Assert.Equal(ClaimStatus.Recorded, _window.Claim(Keys.Number(1), out _));
    }

    [Fact]
    public void Growth_keeps_every_live_claim()
    {
        for (var i = 0; i < 100_000; i++)
            Assert.Equal(ClaimStatus.Recorded, _window.Claim(Keys.Number(i), out _));
        for (var i = 0; i < 100_000; i++)
            Assert.Equal(ClaimStatus.Duplicate, _window.Claim(Keys.Number(i), out _));

        Assert.Equal(100_000, _window.Count);
        Assert.True(_window.Rebuilds > 1000, $"{_window.Rebuilds} rebuilds");
    }

    [Theory]
    [InlineData(0.999)]
    [InlineData(86_400.001)]
    public void A_window_outside_one_second_to_24_hours_is_refused(double seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DedupeWindow(_clock, TimeSpan.FromSeconds(seconds), 10));

    [Theory]
    [InlineData(1)]
    [InlineData(86_400)]
    public void The_shortest_and_the_longest_window_hold_to_the_tick(int seconds)
    {
        var window = new DedupeWindow(_clock, TimeSpan.FromSeconds(seconds), 10);
        window.Claim(Keys.Number(1), out _);
        _clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        Assert.Equal(ClaimStatus.Duplicate, window.Claim(Keys.Number(1), out _));
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(ClaimStatus.Recorded, window.Claim(Keys.Number(1), out _));
    }
}
