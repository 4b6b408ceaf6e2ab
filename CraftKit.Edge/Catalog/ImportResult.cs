namespace CraftKit.Edge.Catalog;

/// <summary>What an import did; with a fault, nothing.</summary>
/// <param name="Added">Renders that are new, or were deleted before.</param>
/// <param name="Changed">Renders that have another share than before.</param>
/// <param name="Unchanged">Renders that were there just so.</param>
/// <param name="Faults">The bad lines in the order of the file.</param>
internal sealed record ImportResult(int Added, int Changed, int Unchanged, IReadOnlyList<ImportFault> Faults)
{
    /// <summary>Whether the import was done.</summary>
    public bool Succeeded => Faults.Count == 0;
}
