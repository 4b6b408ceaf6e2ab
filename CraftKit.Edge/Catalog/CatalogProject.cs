namespace CraftKit.Edge.Catalog;

/// <summary>A project as the store has it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Slug">Its name in kebab-case as it was first given, unique among all projects.</param>
/// <param name="Name">Its name as it was sent.</param>
/// <param name="CreatedAt">When it was added, to the millisecond.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="DeletedAt">When it was deleted; null while it lives.</param>
internal sealed record CatalogProject(
    string Id, string Slug, string Name, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? DeletedAt);
