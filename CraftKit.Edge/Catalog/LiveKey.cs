namespace CraftKit.Edge.Catalog;

/// <summary>An API key that counts.</summary>
/// <param name="Id">The id by which it is revoked.</param>
/// <param name="Project">The project that it opens.</param>
internal sealed record LiveKey(string Id, Project Project);
