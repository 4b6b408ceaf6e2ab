namespace CraftKit.Edge.Catalog;

/// <summary>The catalog at one moment, in memory. Immutable, so any thread reads it without a lock.</summary>
/// <param name="Change">The number of the last change that is in it; 0 before the first load.</param>
/// <param name="Keys">The projects' keys that count.</param>
/// <param name="AccountKeys">The account keys that count.</param>
/// <param name="Renders">The renders of all projects, of deleted ones too.</param>
internal sealed record CatalogSnapshot(long Change, KeyIndex Keys, AccountKeyIndex AccountKeys, RenderIndex Renders)
{
    /// <summary>How much of it counts.</summary>
    public CatalogCounts Counts { get; init; } = new(0, 0, 0);

    /// <summary>A catalog with nothing in it.</summary>
    /// <param name="seed">Random, see <see cref="RenderIndex.Empty"/>.</param>
    public static CatalogSnapshot Empty(ulong seed) => new(0, KeyIndex.Empty, AccountKeyIndex.Empty, RenderIndex.Empty(seed));

    /// <summary>Finds a render of a project. Waits for nothing and allocates nothing.</summary>
    /// <param name="project">The project that it has to be of.</param>
    /// <param name="renderId">Its id as it came, of any length and content.</param>
    /// <param name="shareBuffer">Takes its share: at least 64 bytes.</param>
    /// <param name="shareLength">The length of the share; 0 without one.</param>
    public bool TryFindRender(Project project, ReadOnlySpan<byte> renderId, Span<byte> shareBuffer, out int shareLength) =>
        Renders.TryFind(project.Number, renderId, shareBuffer, out shareLength);
}
