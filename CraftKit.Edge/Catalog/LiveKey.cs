using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Catalog;

/// <summary>An API key that counts.</summary>
/// <param name="Id">The id by which it is revoked.</param>
/// <param name="Project">The project that it opens.</param>
internal sealed record LiveKey(string Id, Project Project)
{
    /// <summary>Where its use is marked.</summary>
    public KeyUse Use { get; init; } = new();
}
