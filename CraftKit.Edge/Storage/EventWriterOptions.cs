namespace CraftKit.Edge.Storage;

/// <summary>How the writer stores events.</summary>
/// <param name="SyncEveryCommit">Durability fsync: the store was opened with full synchronisation, every commit is on the disk.</param>
/// <param name="FlushInterval">Otherwise: the longest time that a committed event is not yet on the disk.</param>
/// <param name="Boot">The number of the running boot (<see cref="EventStore.BootNumber"/>).</param>
internal sealed record EventWriterOptions(bool SyncEveryCommit, TimeSpan FlushInterval, int Boot);
