namespace CraftKit.Edge.Catalog;

/// <summary>What putting a render into the catalog did.</summary>
internal enum RenderChange
{
    /// <summary>It was there just so; no change number was used.</summary>
    Unchanged,

    /// <summary>It is new, or was deleted before.</summary>
    Added,

    /// <summary>It has another share than before.</summary>
    Changed,
}
