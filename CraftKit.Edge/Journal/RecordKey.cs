namespace CraftKit.Edge.Journal;

/// <summary>A number that only this epoch has for this position. It goes into every check of a record, so that bytes of an earlier
/// lap, another epoch or another file, or bytes that a client sent, never pass for a record.</summary>
internal static class RecordKey
{
    /// <summary>2^64 divided by the golden ratio: multiplying spreads every bit over the upper bits, and no 16 bits in a row of it
    /// are all equal, which the guarantees of <see cref="RecordWord"/> and <see cref="DecisionWord"/> rest on.</summary>
    public const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The key of a position in an epoch.</summary>
    public static ulong Of(long epoch, long position) => Mix((ulong)epoch ^ ((ulong)position * Multiplier));

    /// <summary>Spreads every bit of the input over all bits of the output (the finalizer of SplitMix64).</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
