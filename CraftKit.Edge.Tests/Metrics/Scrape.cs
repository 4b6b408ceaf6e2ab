using System.Globalization;
using System.Text.RegularExpressions;

namespace CraftKit.Edge.Tests.Metrics;

/// <summary>A page of metrics as a scraper reads it.</summary>
internal sealed partial class Scrape
{
    private readonly Dictionary<string, double> _samples = [];

    public Scrape(string text)
    {
        Text = text;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                Types.Add(line.Split(' ')[2], line.Split(' ')[3]);
            if (line[0] == '#')
                continue;
            var space = line.LastIndexOf(' ');
            _samples.Add(line[..space], double.Parse(line[(space + 1)..].Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture));
        }
    }

    public string Text { get; }

    /// <summary>The names of the families and their types.</summary>
    public Dictionary<string, string> Types { get; } = [];

    /// <summary>The series with their labels.</summary>
    public IEnumerable<string> Series => _samples.Keys;

    /// <summary>The names of all label values, by label.</summary>
    public ILookup<string, string> Labels => _samples.Keys.SelectMany(series => Label().Matches(series)).ToLookup(match => match.Groups[1].Value, match => match.Groups[2].Value);

    /// <summary>A sample by its series as it stands on the page; fails when there is none.</summary>
    public double this[string series] => _samples.TryGetValue(series, out var value) ? value : throw new KeyNotFoundException($"{series} is not in:\n{Text}");

    /// <summary>The sum of the samples of a name.</summary>
    public double Sum(string name) => _samples.Where(sample => sample.Key == name || sample.Key.StartsWith(name + "{", StringComparison.Ordinal)).Sum(sample => sample.Value);

    [GeneratedRegex("""(\w+)="([^"]*)"[,}]""")]
    private static partial Regex Label();
}
