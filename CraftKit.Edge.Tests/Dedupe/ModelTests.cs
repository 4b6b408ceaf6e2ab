using CraftKit.Edge.Dedupe;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Dedupe;

/// <summary>Random sequences of everything that can be done to a window, against a dictionary.</summary>
public sealed class ModelTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private enum Step
    {
        Claim,
        Look,
        Advance,
        Sweep,
        Restore,
        Grow,
    }

    [Fact]
    public void The_window_does_what_a_dictionary_of_claims_does()
    {
        var steps = Gen.Zip(
            Gen.Frequency((8, Gen.Constant(Step.Claim)), (4, Gen.Constant(Step.Look)), (4, Gen.Constant(Step.Advance)), (1, Gen.Constant(Step.Sweep)),
                (1, Gen.Constant(Step.Restore)), (1, Gen.Constant(Step.Grow))),
            Gen.Choose(0, 11)).ListOf(300).Select(list => list.ToArray());
        Prop.ForAll(steps.ToArbitrary(), Run).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    private static void Run((Step Step, int Number)[] steps)
    {
        var clock = new FakeTimeProvider();
        var window = new DedupeWindow(clock, Window, 1_000_000, new WindowShape(Number: 2, MinimumCapacity: 2, Patience: 1));
        var model = new Dictionary<int, long>();
        var fresh = 1_000;
        foreach (var (step, number) in steps)
        {
            var now = clock.GetTimestamp();
            var live = model.TryGetValue(number, out var claimed) && now - claimed < Window.Ticks;
            switch (step)
            {
                case Step.Claim:
                    Assert.Equal(live ? ClaimStatus.Duplicate : ClaimStatus.Recorded, window.Claim(Keys.Number(number), out var standing));
                    Assert.Equal(live ? claimed : now, standing);
                    model[number] = standing;
                    break;
                case Step.Look:
                    Assert.Equal(live, window.TryFindLive(Keys.Number(number), out var found));
                    Assert.Equal(live ? claimed : 0, found);
                    break;
                case Step.Advance:
                    clock.Advance(TimeSpan.FromSeconds(number));
                    break;
                case Step.Sweep:
                    window.Sweep();
                    break;
                case Step.Restore:
                    // From a window before to a little after now: what has expired is left out, what lies ahead counts as now.
                    var restored = now + TimeSpan.FromSeconds(number - 10).Ticks;
                    window.Restore(Keys.Number(number), restored);
                    restored = Math.Min(restored, now);
                    if (now - restored < Window.Ticks && (!live || restored > claimed))
                        model[number] = restored;
                    break;
                default:
                    // New keys fill the tables until they are replaced.
                    for (var i = 0; i < 4; i++)
                        Assert.Equal(ClaimStatus.Recorded, window.Claim(Keys.Number(fresh++), out _));
                    break;
            }
        }
    }
}
