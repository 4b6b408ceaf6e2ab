namespace CraftKit.Edge.Journal;

/// <summary>Bytes of the journal that could not be read.</summary>
/// <param name="FileOffset">Where they start in the file.</param>
/// <param name="Bytes">How many.</param>
/// <param name="Segment">Index of the segment in the file; -1 for the head.</param>
internal readonly record struct DamagedPlace(long FileOffset, long Bytes, int Segment);
