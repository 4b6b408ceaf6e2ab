using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Events;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Dedupe;

public sealed class KeyTests
{
    public static TheoryData<string, string, string, string, string, string> Different => new()
    {
        { "p1", "share", "r", "p2", "share", "r" },
        { "p", "", "same", "p", "same", "r" },
        { "p", "s1", "r", "p", "s2", "r" },
        { "p", "", "r1", "p", "", "r2" },
        { "ab", "c", "r", "a", "bc", "r" },
        { "ab", "", "c", "a", "", "bc" },
    };

    [Theory]
    [MemberData(nameof(Different))]
    public void Keys_of_different_projects_scopes_and_scope_kinds_never_meet(
        string project, string share, string render, string otherProject, string otherShare, string otherRender)
    {
        var window = new DedupeWindow(new FakeTimeProvider(), TimeSpan.FromMinutes(5), 1000);
        window.Claim(Keys.Of(project, share, render), out _);

        Assert.Equal(ClaimStatus.Recorded, window.Claim(Keys.Of(otherProject, otherShare, otherRender), out _));
    }

    [Fact]
    public void Types_and_addresses_tell_keys_apart()
    {
        var window = new DedupeWindow(new FakeTimeProvider(), TimeSpan.FromMinutes(5), 1000);
        window.Claim(Keys.Of("p", "s", "r"), out _);

        Assert.Equal(ClaimStatus.Recorded, window.Claim(Keys.Of("p", "s", "r", EventType.Printed), out _));
        Assert.Equal(ClaimStatus.Recorded, window.Claim(Keys.Of("p", "s", "r", address: 0x0A000002), out _));
    }

    [Fact]
    public void Two_renders_of_one_share_have_one_key()
    {
        var window = new DedupeWindow(new FakeTimeProvider(), TimeSpan.FromMinutes(5), 1000);
        window.Claim(Keys.Of("p", "s", "r1"), out _);

        Assert.Equal(ClaimStatus.Duplicate, window.Claim(Keys.Of("p", "s", "r2"), out _));
    }

    [Fact]
    public void The_longest_ids_make_a_key_and_longer_ones_are_refused()
    {
        var longest = new string('a', EventRecord.MaxIdLength);

        Assert.NotEqual(Keys.Of(longest, longest, "r"), Keys.Of(longest, "", longest));
        Assert.Throws<ArgumentOutOfRangeException>(() => Keys.Of(longest + "a", "s", "r"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Keys.Of("p", longest + "a", "r"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Keys.Of("p", "", longest + "a"));
    }

    [Fact]
    public void Another_seed_makes_another_key()
    {
        var one = DedupeKey.Of(1, EventType.Viewed, "p"u8, "s"u8, "r"u8, default);
        var two = DedupeKey.Of(2, EventType.Viewed, "p"u8, "s"u8, "r"u8, default);

        Assert.NotEqual(one.Fingerprint, two.Fingerprint);
        Assert.NotEqual(one.Shard, two.Shard);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_fingerprint_that_means_empty_or_tombstone_is_moved_and_works(ulong fingerprint)
    {
        var window = new DedupeWindow(new FakeTimeProvider(), TimeSpan.FromMinutes(5), 1000);
        var key = new DedupeKey(0, fingerprint);

        Assert.Equal(ClaimStatus.Recorded, window.Claim(key, out _));
        Assert.Equal(ClaimStatus.Duplicate, window.Claim(key, out _));
    }
}
