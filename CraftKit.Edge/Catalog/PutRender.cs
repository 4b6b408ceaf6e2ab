namespace CraftKit.Edge.Catalog;

/// <summary>A render that was put into the catalog, and what that did.</summary>
internal sealed record PutRender(CatalogRender Render, RenderChange Change);
