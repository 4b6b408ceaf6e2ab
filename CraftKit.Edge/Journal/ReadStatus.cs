namespace CraftKit.Edge.Journal;

/// <summary>What the reader found at its position.</summary>
internal enum ReadStatus
{
    /// <summary>Nothing more that is complete.</summary>
    None,

    /// <summary>A complete record whose claim has not been decided yet. The position stays before it.</summary>
    Undecided,

    /// <summary>A won record; the position is after it.</summary>
    Record,
}
