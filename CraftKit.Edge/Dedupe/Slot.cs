using System.Runtime.InteropServices;

namespace CraftKit.Edge.Dedupe;

/// <summary>One key of the window in 16 bytes.</summary>
/// <remarks>
/// <code>
/// offset size  meaning                       changes
///      0    8  fingerprint of the key        once: empty to a fingerprint (a claimer) or to tombstone (a freezer)
///      8    8  time word                     0 unclaimed, then the claim's time, a later one after each window;
///                                            the top bit seals it: no claim succeeds on this slot any more
/// </code>
/// A time word is the claim's timestamp plus <see cref="TimeOrigin"/>, so a claim from before the boot is above 0 too, and an unclaimed
/// slot looks like one that expired long ago: claimers need no case of their own for it.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct Slot
{
    /// <summary>Bytes in a slot.</summary>
    public const int Size = 16;

    /// <summary>The fingerprint of a slot that nobody has taken.</summary>
    public const ulong Empty = 0;

    /// <summary>The fingerprint of a slot that was frozen while it was empty.</summary>
    public const ulong Tombstone = 1;

    /// <summary>The bit of a time word that says that its table is being replaced.</summary>
    public const long Seal = long.MinValue;

    /// <summary>What is added to a timestamp to make a time word: half of the room below the seal, 3,600 years to either side.</summary>
    public const long TimeOrigin = 1L << 60;

    public ulong Fingerprint;
    public long Time;
}
