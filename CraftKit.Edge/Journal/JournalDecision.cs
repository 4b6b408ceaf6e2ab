namespace CraftKit.Edge.Journal;

/// <summary>Whether a record's claim was won.</summary>
internal enum JournalDecision
{
    /// <summary>Not marked, or the mark is damaged.</summary>
    Undecided,

    /// <summary>The record counts.</summary>
    Won,

    /// <summary>The record is to be passed over.</summary>
    Void,
}
