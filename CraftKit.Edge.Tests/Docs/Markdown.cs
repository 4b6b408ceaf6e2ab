using System.Text.RegularExpressions;

namespace CraftKit.Edge.Tests.Docs;

/// <summary>A document in Markdown, as far as the tests look into it.</summary>
internal sealed partial class Markdown(string path)
{
    private readonly string[] _lines = Repository.Read(path).Split('\n');

    /// <summary>The whole text.</summary>
    public string Text => string.Join('\n', _lines);

    /// <summary>The headings without their marks.</summary>
    public IEnumerable<string> Headings => Prose.Where(line => line.StartsWith('#')).Select(line => line.TrimStart('#').Trim());

    /// <summary>What stands in backticks outside of code blocks.</summary>
    public IEnumerable<string> Spans => Prose.SelectMany(line => Span().Matches(line).Select(match => match.Groups[1].Value));

    /// <summary>The targets of links outside of code blocks.</summary>
    public IEnumerable<string> Links => Prose.SelectMany(line => Link().Matches(line).Select(match => match.Groups[1].Value));

    /// <summary>The cells of table rows, without the surrounding bars; an escaped bar is text.</summary>
    public IEnumerable<string[]> Rows => Prose
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .Select(line => Bar().Split(line.Trim().Trim('|')).Select(cell => cell.Trim()).ToArray());

    private IEnumerable<string> Prose
    {
        get
        {
            var isCode = false;
            foreach (var line in _lines)
            {
                if (line.StartsWith("```", StringComparison.Ordinal))
                    isCode = !isCode;
                else if (!isCode)
                    yield return line;
            }
        }
    }

    /// <summary>The code blocks of a language.</summary>
    public IEnumerable<string> Blocks(string language) =>
        Block().Matches(Text).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value);

    /// <summary>The anchor that a heading has in a link.</summary>
    public static string AnchorOf(string heading) =>
        NotInAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();

    [GeneratedRegex("^```(\\w*)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex NotInAnchor();
}
