namespace CraftKit.Edge.Catalog;

/// <summary>A line that keeps an import from being done.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Message">What is wrong with it.</param>
internal readonly record struct ImportFault(int Line, string Message)
{
    public override string ToString() => $"line {Line}: {Message}";
}
