namespace CraftKit.Edge.Catalog;

/// <summary>A project, deleted or not, with the number by which the other tables of the file refer to it.</summary>
internal sealed record ProjectRow(CatalogProject Project, long Number);
