using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary><c>--help</c>: the library's page with examples below it, coloured on a terminal.</summary>
internal sealed class HelpPage(HelpAction page, TerminalStyle style) : SynchronousCommandLineAction
{
    private const string Indent = "  ";

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var configuration = parseResult.InvocationConfiguration;
        var output = configuration.Output;
        using var plain = new StringWriter { NewLine = "\n" };
        configuration.Output = plain;
        try
        {
            page.Invoke(parseResult);
        }
        finally
        {
            configuration.Output = output;
        }

        foreach (var line in plain.ToString().TrimEnd().Split('\n'))
            output.WriteLine(Colour(line.TrimEnd()));
        WriteExamples(output, HelpExamples.Of(string.Join(' ', CommandNames.Below(parseResult.CommandResult))));
        return 0;
    }

    private string Colour(string line)
    {
        if (line.Length != 0 && line[0] != ' ' && line[^1] == ':')
            return style.Bold(line);

        // A row of two columns: what can be typed, at least two spaces, what it means. A description that goes on has no first column.
        if (!line.StartsWith(Indent, StringComparison.Ordinal) || line.Length <= Indent.Length || line[Indent.Length] == ' ')
            return line;
        var end = line.IndexOf(Indent, Indent.Length, StringComparison.Ordinal);
        return end < 0 ? line : $"{Indent}{style.Cyan(line[Indent.Length..end])}{line[end..]}";
    }

    private void WriteExamples(TextWriter output, IReadOnlyList<(string Line, string Meaning)> examples)
    {
        if (examples.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine(style.Bold("Examples:"));
        foreach (var (line, meaning) in examples)
        {
            output.WriteLine(Indent + style.Dim($"# {meaning}"));
            output.WriteLine($"{Indent}{EdgeCommandLine.ProgramName} {line}");
        }
    }
}
