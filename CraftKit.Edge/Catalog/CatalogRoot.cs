namespace CraftKit.Edge.Catalog;

/// <summary>The place where the newest snapshot of the catalog is found: one publishes, all read.</summary>
internal sealed class CatalogRoot(CatalogSnapshot snapshot)
{
    private CatalogSnapshot _snapshot = snapshot;

    /// <summary>The newest snapshot; take it once for a request, so that the request sees one state.</summary>
    /// <remarks>The acquiring read pairs with <see cref="Publish"/>: whoever sees the reference sees the arrays behind it filled.
    /// Without it a reader on ARM could see a shard before its contents.</remarks>
    public CatalogSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>Makes a snapshot the newest one.</summary>
    /// <remarks>The releasing write orders all writes that built the snapshot before the reference that leads to it.</remarks>
    public void Publish(CatalogSnapshot snapshot) => Volatile.Write(ref _snapshot, snapshot);
}
