using CraftKit.Edge.Dedupe;

namespace CraftKit.Edge.Tests.Dedupe.Interleavings;

/// <summary>A small world to explore: one shard with a table of few slots, and who does what in it.</summary>
/// <param name="Actors">Verb and key of each thread.</param>
/// <param name="Ticks">How often the clock may tick, at any moment; the window is <see cref="WindowTicks"/> ticks.</param>
/// <param name="Age">Ticks since key 0 was claimed; null when it was not.</param>
/// <param name="Preemptions">How often a run may take the turn away from a thread that could have gone on.</param>
internal sealed record World((Verb Verb, int Key)[] Actors, int Ticks, int? Age, int Preemptions)
{
    public const int WindowTicks = 2;

    public const int KeyCount = 3;

    /// <summary>As many preemptions as there are: every order.</summary>
    public const int Unbounded = int.MaxValue;

    public static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private const ulong Third = ulong.MaxValue / 3;

    /// <summary>Keys 0 and 1 begin their probes at the same slot, the expired key 2 that is there from the start at the last one.</summary>
    private static readonly DedupeKey[] Keys = [new(0, 100), new(0, 200), new(0, (2 * Third) + 100)];

    public static DedupeKey Key(int number) => Keys[number];

    /// <summary>The world at its beginning: three slots, of which one has expired and one may be inserted before the table is full.</summary>
    public (Shards Shards, ManualClock Clock) Begin()
    {
        var clock = new ManualClock(-10 * Tick.Ticks);
        var shards = new Shards(clock, (WindowTicks * Tick).Ticks, new WindowShape(1, MinimumCapacity: 3, Patience: 1));
        shards.Claim(Keys[2], out _, default(Uninterrupted));
        clock.Advance((10 - (Age ?? 0)) * Tick);
        if (Age is not null)
            shards.Claim(Keys[0], out _, default(Uninterrupted));
        clock.Advance((Age ?? 0) * Tick);
        return (shards, clock);
    }
}
