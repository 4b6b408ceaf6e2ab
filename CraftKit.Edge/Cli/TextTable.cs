using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary>Rows in aligned columns, for people. What came from outside is made harmless.</summary>
/// <param name="output">Where the rows go.</param>
/// <param name="header">The columns' names.</param>
internal sealed class TextTable(TextWriter output, params string[] header)
{
    private const int Gap = 2;

    private readonly int[] _widths = new int[header.Length];
    private readonly List<string[]> _rows = [header];

    /// <summary>Adds a row; a null cell is shown as <c>-</c>.</summary>
    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(cell => cell is null ? "-" : TerminalText.Escape(cell))]);

    /// <summary>Writes what was added since the last time. A column never gets narrower, so that the pages of a long table stand under each
    /// other.</summary>
    public void Flush()
    {
        foreach (var row in _rows)
        {
            for (var column = 0; column < row.Length; column++)
                _widths[column] = Math.Max(_widths[column], row[column].Length);
        }

        foreach (var row in _rows)
        {
            for (var column = 0; column < row.Length - 1; column++)
                output.Write(row[column].PadRight(_widths[column] + Gap));
            output.WriteLine(row[^1]);
        }

        _rows.Clear();
    }
}
