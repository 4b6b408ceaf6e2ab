using CraftKit.Edge.Dedupe;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Dedupe;

public sealed class MemoryTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_live_key_takes_32_bytes_at_most_while_a_million_come_and_when_they_are_there()
    {
        var window = new DedupeWindow(_clock, Window, 10_000_000);
        for (var number = 0; number < 1_000_000; number++)
        {
            window.Claim(Keys.Number(number), out _);
            if (number >= 100_000 && number % 10_000 == 0)
                Assert.True(window.Bytes + window.GarbageBytes <= 32L * window.Count, $"{window.Bytes:N0} and {window.GarbageBytes:N0} bytes for {window.Count:N0} keys");
        }
        Assert.Equal(1_000_000, window.Count);
    }

    [Fact]
    public void Memory_is_given_back_within_two_windows_of_the_traffics_end()
    {
        var window = new DedupeWindow(_clock, Window, 10_000_000);
        var idle = window.Bytes;
        for (var number = 0; number < 200_000; number++)
            window.Claim(Keys.Number(number), out _);
        for (var passed = TimeSpan.Zero; passed < Window * 2; passed += TimeSpan.FromSeconds(1))
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            window.Sweep();
        }
        Assert.Equal(0, window.Count);
        Assert.Equal(idle, window.Bytes);
        Assert.Equal(0, window.GarbageBytes);
    }

    [Fact]
    public void At_the_limit_there_is_no_room_and_nothing_is_forgotten()
    {
        var window = new DedupeWindow(_clock, Window, 1_000);
        for (var number = 0; number < 1_000; number++)
        {
            Assert.True(window.HasRoom);
            window.Claim(Keys.Number(number), out _);
        }
        Assert.False(window.HasRoom);
        for (var number = 0; number < 1_000; number++)
            Assert.Equal(ClaimStatus.Duplicate, window.Claim(Keys.Number(number), out _));
    }

    [Fact]
    public void Room_comes_back_when_keys_expire_without_a_sweep()
    {
        var window = new DedupeWindow(_clock, Window, 1_000);
        for (var number = 0; number < 1_000; number++)
            window.Claim(Keys.Number(number), out _);
        _clock.Advance(Window);
        Assert.True(window.HasRoom);
        Assert.Equal(ClaimStatus.Recorded, window.Claim(Keys.Number(5_000), out _));
    }
}
