using CraftKit.Edge.Dedupe;

namespace CraftKit.Edge.Tests.Dedupe.Interleavings;

/// <summary>Judges a run that is over by what each actor was told.</summary>
internal sealed class Verdict(World world, Shards shards, ManualClock clock, Outcome[] outcomes)
{
    private static readonly long Window = (World.WindowTicks * World.Tick).Ticks;

    /// <summary>What is wrong with the run, or null.</summary>
    public string? Fault()
    {
        for (var key = 0; key < World.KeyCount; key++)
        {
            if (Fault(key) is { } fault)
                return $"key {key}: {fault}";
        }

        return null;
    }

    private string? Fault(int key)
    {
        var ours = outcomes.Where(o => o.Key == key && o.Verb != Verb.Rebuild).ToArray();
        var claims = ours.Where(o => o is { Verb: Verb.Claim, Success: true }).ToArray();
        var recorded = claims.Select(o => o.ClaimedAt).ToList();
        if (key == 0 && world.Age is { } age)
            recorded.Add(-age * World.Tick.Ticks);
        recorded.Sort();
        foreach (var (earlier, later) in recorded.Zip(recorded.Skip(1)))
        {
            if (later - earlier < Window)
                return $"recorded at {earlier} and at {later}, less than a window apart";
        }

        foreach (var told in ours)
        {
            var duplicate = told.Verb == Verb.Claim ? !told.Success : told.Success;
            if (duplicate && !(recorded.Contains(told.ClaimedAt) && told.Now - told.ClaimedAt < Window))
                return $"told that {told.ClaimedAt} is live at {told.Now}, which it is not";
            if (told.Verb == Verb.Look && !told.Success && claims.Any(c => c.Ended <= told.Began && told.Now - c.ClaimedAt < Window))
                return $"a look at {told.Now} missed a claim that had been recorded before";
        }

        if (recorded.Count > 0 && clock.GetTimestamp() - recorded[^1] < Window && !shards.TryFindLive(World.Key(key), out _, default(Uninterrupted)))
            return $"the claim of {recorded[^1]} is live and forgotten at {clock.GetTimestamp()}";
        return null;
    }
}
