namespace CraftKit.Edge.Catalog;

/// <summary>How far an import is: first all lines are read, then the rows are stored.</summary>
/// <param name="BytesRead">Bytes of the input read so far.</param>
/// <param name="Lines">Lines read so far.</param>
/// <param name="Stored">Rows compared and stored so far; 0 while lines are being read.</param>
internal readonly record struct ImportProgress(long BytesRead, int Lines, int Stored);
