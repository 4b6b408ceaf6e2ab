namespace CraftKit.Edge.Storage;

/// <summary>Whether the database took an event.</summary>
internal enum InsertStatus
{
    /// <summary>The row is part of the transaction.</summary>
    Stored,

    /// <summary>The database refuses this event for its own sake; others may still be stored.</summary>
    Refused,

    /// <summary>Like <see cref="Refused"/>, and the whole transaction is gone: start it again without this event.</summary>
    RefusedAndRolledBack,
}
