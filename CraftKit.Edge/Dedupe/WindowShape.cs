using System.Numerics;

namespace CraftKit.Edge.Dedupe;

/// <summary>How a window is cut up. Production derives it from the number of keys; tests make it tiny.</summary>
/// <param name="Number">Number of shards, a power of two.</param>
/// <param name="MinimumCapacity">Slots of the smallest table that holds anything, at least 2.</param>
/// <param name="Patience">How often a claimer looks whether somebody else's replacement of a table is there before it makes one itself.</param>
internal readonly record struct WindowShape(int Number, int MinimumCapacity, int Patience)
{
    /// <summary>Keys a shard at the limit: what bounds the time of one growth (docs/ARCHITECTURE.md, "The window").</summary>
    private const int KeysAShard = 4096;

    private const int MinShards = 16, MaxShards = 1 << 15;

    /// <summary>The shape for a window that may hold <paramref name="maxKeys"/> keys.</summary>
    public static WindowShape For(long maxKeys)
    {
        var shards = BitOperations.RoundUpToPowerOf2((ulong)(maxKeys / KeysAShard) + 1);
        return new WindowShape((int)Math.Clamp(shards, MinShards, MaxShards), MinimumCapacity: 8, Patience: 100);
    }
}
