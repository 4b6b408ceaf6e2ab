namespace CraftKit.Edge.Catalog;

/// <summary>What an import did; with a fault, nothing.</summary>
/// <param name="Added">Renders that are new, or were deleted before.</param>
/// <param name="Changed">Renders that have another share than before.</param>
/// <param name="Unchanged">Renders that were there just so.</param>
/// <param name="Faults">The first bad lines, as many as the batch names, in the order of the file.</param>
/// <param name="FaultCount">All bad lines.</param>
internal sealed record ImportResult(int Added, int Changed, int Unchanged, IReadOnlyList<ImportFault> Faults, int FaultCount)
{
    /// <summary>The most bad lines that are named unless more are asked for.</summary>
    public const int MaxFaults = 100;

    /// <summary>Whether the import was done.</summary>
    public bool Succeeded => FaultCount == 0;
}
