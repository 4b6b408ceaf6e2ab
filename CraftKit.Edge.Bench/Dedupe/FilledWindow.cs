using CraftKit.Edge.Configuration;
using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Events;

namespace CraftKit.Edge.Bench.Dedupe;

/// <summary>Windows of production's shape, and keys by number.</summary>
internal static class FilledWindow
{
    /// <summary>A window of the longest time, so that no key expires in a benchmark unless it sets the clock.</summary>
    public static DedupeWindow Empty(TimeProvider clock) => new(clock, DedupeWindow.MaxWindow, new DedupeSection().KeyLimit);

    /// <summary>A window in which the keys 0 to <paramref name="count"/> - 1 are live.</summary>
    public static DedupeWindow Of(TimeProvider clock, int count)
    {
        var window = Empty(clock);
        for (var number = 0; number < count; number++)
            window.Claim(Key(number), out _);
        return window;
    }

    /// <summary>The key of one event; hashing its 92 bytes is part of every figure, as it is of every request.</summary>
    public static DedupeKey Key(long number) => DedupeWindow.KeyOf(
        EventType.Viewed,
        "01980000-0000-7000-8000-000000000001"u8,
        "01980000-0000-7000-9000-000000000001"u8,
        default,
        new ClientAddress(0x2001_0DB8_0000_0000, (ulong)number));
}
