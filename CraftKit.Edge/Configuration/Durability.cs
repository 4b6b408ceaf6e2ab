namespace CraftKit.Edge.Configuration;

/// <summary>What an answered event has survived by the time of its answer (docs/API.md, "Guarantees").</summary>
internal enum Durability
{
    /// <summary>The event is in the memory-mapped journal: no death of the process loses it, a power loss may lose the last
    /// <c>journal.flushInterval</c>.</summary>
    Journal,

    /// <summary>The event's commit has been synced: a power loss loses nothing answered.</summary>
    Fsync,
}
