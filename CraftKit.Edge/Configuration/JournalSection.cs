namespace CraftKit.Edge.Configuration;

/// <summary>Section <c>journal</c>: the memory-mapped file that an event enters before it is answered.</summary>
internal sealed record JournalSection
{
    /// <summary>Smallest <see cref="CapacityBytes"/>: 1 MiB.</summary>
    public const long MinCapacityBytes = 1L << 20;

    /// <summary>Largest <see cref="CapacityBytes"/>: 64 GiB.</summary>
    public const long MaxCapacityBytes = 64L << 30;

    /// <summary><see cref="CapacityBytes"/> is at least this many times <see cref="EdgeOptions.MaxBodyBytes"/>, so that a few of the
    /// largest events find room beside each other.</summary>
    public const int BodiesAtLeast = 8;

    /// <summary>The size of the preallocated file in bytes, 1 MiB to 64 GiB.</summary>
    [Within(MinCapacityBytes, MaxCapacityBytes)]
    public long CapacityBytes { get; set; } = 64L << 20;

    /// <summary>What a power loss may take at most when <c>durability</c> is <c>journal</c>: the longest time between syncs, 10 ms to
    /// 1 min.</summary>
    [Within("00:00:00.010", "00:01:00")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(1);
}
