namespace CraftKit.Edge.Bench.Report;

/// <summary>The page of benchmarks as it stands: what is not measured anew is taken from it, so that a part can be measured without the hours that
/// all of it takes.</summary>
internal sealed class EarlierPage
{
    private readonly Dictionary<string, string> _sections = new(StringComparer.Ordinal);

    /// <param name="markdown">The page; an empty one has nothing.</param>
    public EarlierPage(string markdown)
    {
        const string Mark = "\n## ";
        var parts = markdown.ReplaceLineEndings("\n").Split(Mark).Skip(1);
        foreach (var part in parts)
            _sections[part[..part.IndexOf('\n', StringComparison.Ordinal)]] = $"{part.TrimEnd()}\n\n"[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }

    /// <summary>Reads it; where there is none, it is empty.</summary>
    public static EarlierPage Read(string path) => new(File.Exists(path) ? File.ReadAllText(path) : "");

    /// <summary>A whole section without its heading, blank line at its end included; null when it has none of that name.</summary>
    public string? Section(string heading) => _sections.GetValueOrDefault(heading);

    /// <summary>The rows of a section's table by their first cells; of equal ones the first is found first, then the next.</summary>
    public ILookup<string, string[]> Rows(string heading) => (Section(heading) ?? "").Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .Skip(2)
        .Select(line => line.Trim('|', ' ').Split(" | "))
        .ToLookup(cells => cells[0], StringComparer.Ordinal);
}
