namespace CraftKit.Edge.Journal;

/// <summary>The first word of a record: length and state, checked by position and epoch.</summary>
/// <remarks>
/// <code>
/// bits   0-31  length of the payload, 1 or more (so that no word is 0, which means untouched)
/// bits  32-63  published: tag = upper half of (length * multiplier + key);  reserved: the tag with every bit turned
/// </code>
/// A flipped bit of the length changes the tag's value, a flipped bit of the tag no longer fits the length, and from reserved to
/// published there are 32 bits: no single flip makes one valid word of another.
/// </remarks>
internal static class RecordWord
{
    private const ulong TagMask = 0xFFFF_FFFF_0000_0000;

    /// <summary>The word of a record that may be read.</summary>
    public static ulong Published(ulong key, int length) => (((uint)length * RecordKey.Multiplier) + key) & TagMask | (uint)length;

    /// <summary>The word of a record whose payload is still being written.</summary>
    public static ulong Reserved(ulong published) => published ^ TagMask;

    /// <summary>The length that a word states, checked or not.</summary>
    public static int Length(ulong word) => (int)(uint)word;
}
