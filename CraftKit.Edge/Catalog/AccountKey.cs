namespace CraftKit.Edge.Catalog;

/// <summary>An account key as the store has it: everything but the key. It opens the admin plane and no project.</summary>
/// <param name="Id">The id by which it is revoked.</param>
/// <param name="Name">Its name as it was given.</param>
/// <param name="Prefix">The first characters of the key, for display.</param>
/// <param name="CreatedAt">When it was made, to the millisecond.</param>
/// <param name="RevokedAt">When it was revoked; null while it counts.</param>
internal sealed record AccountKey(string Id, string Name, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);
