namespace CraftKit.Edge.Catalog;

/// <summary>A render as the store has it.</summary>
/// <param name="Id">Its id, one name space for all projects.</param>
/// <param name="ProjectId">The project that owns it.</param>
/// <param name="ShareId">The share through which it is shared; null without one.</param>
/// <param name="CreatedAt">When it was added, to the millisecond.</param>
internal sealed record CatalogRender(string Id, string ProjectId, string? ShareId, DateTimeOffset CreatedAt);
