namespace CraftKit.Edge.Journal;

/// <summary>How far the journal is stored. The store keeps it, in the transaction that stores the records up to it.</summary>
/// <param name="Lineage">Random identity of the pair of store and journal, the same over all epochs: a journal of another lineage
/// belongs to another data folder.</param>
/// <param name="Epoch">The epoch of the journal at that time. Lets records be recognised when every head of the file is damaged.</param>
/// <param name="Position">All records of the lineage below this position are stored, none at or above it is.</param>
internal readonly record struct JournalMark(long Lineage, long Epoch, long Position);
