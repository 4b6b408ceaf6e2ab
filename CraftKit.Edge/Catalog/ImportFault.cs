namespace CraftKit.Edge.Catalog;

/// <summary>A line that keeps an import from being done.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Messages">What is wrong with it, at least one thing.</param>
internal readonly record struct ImportFault(int Line, IReadOnlyList<string> Messages)
{
    public override string ToString() => $"line {Line}: {string.Join("; ", Messages)}";
}
