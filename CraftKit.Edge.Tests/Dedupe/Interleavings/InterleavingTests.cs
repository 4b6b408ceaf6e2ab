using Xunit;

namespace CraftKit.Edge.Tests.Dedupe.Interleavings;

public sealed class InterleavingTests(ITestOutputHelper output)
{
    private static readonly (Verb, int) Claim = (Verb.Claim, 0), ClaimOther = (Verb.Claim, 1), ClaimLast = (Verb.Claim, 2), Look = (Verb.Look, 0),
        Rebuild = (Verb.Rebuild, 0);

    [Fact]
    public void Two_claimers_of_a_new_key_during_a_rebuild() => Explore([Claim, Claim, Rebuild], ticks: 2, age: null, preemptions: 2);

    [Fact]
    public void Two_claimers_of_a_key_that_expires_during_a_rebuild() => Explore([Claim, Claim, Rebuild], ticks: 3, age: 1, preemptions: 2);

    [Fact]
    public void Three_claimers_of_a_key_that_has_expired_during_a_rebuild() =>
        Explore([Claim, Claim, Claim, Rebuild], ticks: 1, age: 2, preemptions: 1);

    [Fact]
    public void Claimers_of_two_keys_that_make_the_table_grow() =>
        Explore([Claim, Claim, ClaimOther], ticks: 2, age: null, preemptions: 2);

    [Fact]
    public void A_claim_and_a_look_during_a_rebuild() => Explore([Claim, Look, Rebuild], ticks: 1, age: null, preemptions: 3);

    [Fact]
    public void A_claim_during_two_rebuilds() => Explore([Claim, Rebuild, Rebuild], ticks: 2, age: 1, preemptions: 2);

    [Fact]
    public void Two_claimers_of_a_key_that_expires_in_every_order() =>
        Explore([Claim, Claim], ticks: 3, age: 1, preemptions: World.Unbounded);

    [Fact]
    public void A_claim_during_a_rebuild_in_every_order() => Explore([Claim, Rebuild], ticks: 4, age: 1, preemptions: World.Unbounded);

    [Fact]
    public void A_claim_and_a_look_during_a_rebuild_in_every_order() =>
        Explore([Claim, Look, Rebuild], ticks: 0, age: null, preemptions: World.Unbounded);

    [Fact]
    public void Two_claimers_of_the_last_slot_during_a_rebuild() => Explore([ClaimLast, ClaimLast, Rebuild], ticks: 1, age: null, preemptions: 2);

    private void Explore((Verb, int)[] actors, int ticks, int? age, int preemptions)
    {
        using var explorer = new Explorer(new World(actors, ticks, age, preemptions));
        var bad = explorer.FirstBadRun();
        output.WriteLine($"{explorer.Runs:N0} runs, {explorer.States:N0} states");

        Assert.True(bad is null, bad);
        Assert.True(explorer.States > 500, "the exploration saw next to nothing");
    }
}
