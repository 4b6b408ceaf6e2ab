namespace CraftKit.Edge.Journal;

/// <summary>The second word of a record: the outcome of its claim, in one store of 8 bytes.</summary>
/// <remarks>
/// <code>
/// bits   0-39  claim delay in 100 ns (up to 30 hours), 0 when void
/// bits  40-47  0x3C won, 0xC3 void
/// bits  48-63  check: upper 16 bits of (bits 0-47 * multiplier + key of the record)
/// </code>
/// 0 is undecided. So is every word whose check does not fit: a flipped bit makes an undecided record of a decided one, never a won
/// of a void one, and never another delay.
/// </remarks>
internal static class DecisionWord
{
    /// <summary>The longest delay that the word holds; a longer one is kept as this.</summary>
    public const long MaxDelay = (1L << 40) - 1;

    private const ulong WonKind = 0x3CUL << 40;
    private const ulong VoidKind = 0xC3UL << 40;
    private const ulong CheckMask = 0xFFFF_0000_0000_0000;

    /// <summary>The word for a won claim. A delay outside 0 to <see cref="MaxDelay"/> is clamped.</summary>
    public static ulong Won(ulong key, long claimDelay) => WithCheck(key, WonKind | (ulong)Math.Clamp(claimDelay, 0, MaxDelay));

    /// <summary>The word for a record that does not count.</summary>
    public static ulong Void(ulong key) => WithCheck(key, VoidKind);

    /// <summary>Reads a word back; the delay is 0 unless won.</summary>
    public static JournalDecision Read(ulong key, ulong word, out long claimDelay)
    {
        var value = word & ~CheckMask;
        claimDelay = 0;
        if (word == 0 || word != WithCheck(key, value))
            return JournalDecision.Undecided;
        if (value == VoidKind)
            return JournalDecision.Void;
        if ((value & ~(ulong)MaxDelay) != WonKind)
            return JournalDecision.Undecided;
        claimDelay = (long)(value & (ulong)MaxDelay);
        return JournalDecision.Won;
    }

    private static ulong WithCheck(ulong key, ulong value) => ((value * RecordKey.Multiplier) + key) & CheckMask | value;
}
