using System.Runtime.InteropServices;

namespace CraftKit.Edge.Dedupe;

/// <summary>What the window counts. The number of keys changes with every new key, on any core, so it has a cache line (and the one that
/// the processor fetches with it) to itself; the others change when a table is replaced.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct WindowCounters
{
    [FieldOffset(0)]
    public long Tables;

    [FieldOffset(8)]
    public long TableBytes;

    [FieldOffset(16)]
    public long Rebuilds;

    [FieldOffset(128)]
    public long Keys;

    /// <summary>Counts a replacement that was published.</summary>
    /// <remarks>Atomic so that replacements of different shards do not lose each other's; they order nothing, and a reader between two
    /// of them is off by one table.</remarks>
    /// <param name="old">The table that went.</param>
    /// <param name="successor">The table that came.</param>
    /// <param name="left">Keys of the old one that are not in the new one: all of them were counted, or will be by the claimers that put
    /// them there, so the number of keys comes out right whoever is first.</param>
    public void Replaced(SlotTable old, SlotTable successor, int left)
    {
        Interlocked.Add(ref Keys, -left);
        Interlocked.Add(ref Tables, Math.Sign(successor.Capacity) - Math.Sign(old.Capacity));
        Interlocked.Add(ref TableBytes, successor.Bytes - old.Bytes);
        Interlocked.Increment(ref Rebuilds);
    }
}
