using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Tests.Dedupe;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Allocations;

public sealed class WindowAllocationTests
{
    private const int Operations = 2000;
    private static readonly TimeSpan Minutes5 = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _clock = new();
    private readonly DedupeWindow _window;

    // One shard whose first table holds all keys of a test, so that nothing has to grow.
    public WindowAllocationTests() => _window = new DedupeWindow(
        _clock, Minutes5, 1_000_000, new WindowShape(Number: 1, MinimumCapacity: 8192, Patience: 100));

    [Fact]
    public void Making_a_key_allocates_nothing()
    {
        var all = 0UL;

        Assert.Equal(0, AllocatedBytes.Of(Operations, i => all ^= Keys.Number(i).Fingerprint));
        Assert.NotEqual(0UL, all);
    }

    [Fact]
    public void A_look_allocates_nothing_whether_it_finds_or_not()
    {
        for (var i = 0; i < 1000 + Operations; i += 2)
            _window.Claim(Keys.Number(i), out _);
        var found = 0;

        Assert.Equal(0, AllocatedBytes.Of(Operations, i => found += _window.TryFindLive(Keys.Number(i), out _) ? 1 : 0));
        Assert.Equal((1000 + Operations) / 2, found);
    }

    [Fact]
    public void A_claim_of_a_live_key_allocates_nothing()
    {
        for (var i = 0; i < 1000 + Operations; i++)
            _window.Claim(Keys.Number(i), out _);
        var duplicates = 0;

        Assert.Equal(0, AllocatedBytes.Of(Operations, i => duplicates += _window.Claim(Keys.Number(i), out _) == ClaimStatus.Duplicate ? 1 : 0));
        Assert.Equal(1000 + Operations, duplicates);
    }

    [Fact]
    public void A_claim_of_an_expired_key_allocates_nothing()
    {
        for (var i = 0; i < 1000 + Operations; i++)
            _window.Claim(Keys.Number(i), out _);
        _clock.Advance(Minutes5);
        var recorded = 0;

        Assert.Equal(0, AllocatedBytes.Of(Operations, i => recorded += _window.Claim(Keys.Number(i), out _) == ClaimStatus.Recorded ? 1 : 0));
        Assert.Equal(1000 + Operations, recorded);
    }

    [Fact]
    public void A_new_key_allocates_nothing_while_its_table_has_room()
    {
        var recorded = 0;

        Assert.Equal(0, AllocatedBytes.Of(Operations, i => recorded += _window.Claim(Keys.Number(i), out _) == ClaimStatus.Recorded ? 1 : 0));
        Assert.Equal(1000 + Operations, recorded);
        Assert.Equal(1, _window.Rebuilds);
    }
}
