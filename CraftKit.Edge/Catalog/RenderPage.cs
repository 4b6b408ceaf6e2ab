namespace CraftKit.Edge.Catalog;

/// <summary>A page of a project's renders in the order of their ids.</summary>
/// <param name="Renders">The renders.</param>
/// <param name="Next">The id after which the next page begins; null when nothing follows.</param>
internal sealed record RenderPage(RenderRows Renders, string? Next);
