namespace CraftKit.Edge.Catalog;

/// <summary>An API key as the store has it: everything but the key.</summary>
/// <param name="Id">The id by which it is revoked.</param>
/// <param name="ProjectId">The project that it opens.</param>
/// <param name="Name">Its name as it was sent.</param>
/// <param name="Prefix">The first characters of the key, for display.</param>
/// <param name="CreatedAt">When it was made, to the millisecond.</param>
/// <param name="RevokedAt">When it was revoked; null while it counts.</param>
internal sealed record CatalogKey(
    string Id, string ProjectId, string Name, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);
