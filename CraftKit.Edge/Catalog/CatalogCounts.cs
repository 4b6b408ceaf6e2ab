namespace CraftKit.Edge.Catalog;

/// <summary>How much a catalog holds.</summary>
/// <param name="Projects">Projects that are not deleted.</param>
/// <param name="Keys">Keys of them that are not revoked.</param>
/// <param name="Renders">Renders of them.</param>
internal sealed record CatalogCounts(long Projects, long Keys, long Renders);
