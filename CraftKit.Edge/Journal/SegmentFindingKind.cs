namespace CraftKit.Edge.Journal;

/// <summary>What stands at a place of a segment.</summary>
internal enum SegmentFindingKind
{
    /// <summary>A complete record whose checksum fits, won or undecided.</summary>
    Record,

    /// <summary>A record that was voided.</summary>
    Void,

    /// <summary>A record whose writer was killed before it published it. Never acknowledged.</summary>
    Unfinished,

    /// <summary>Bytes that are nothing of these, and not zero.</summary>
    Damage,
}
