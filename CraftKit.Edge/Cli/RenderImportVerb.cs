using System.CommandLine;
using System.Globalization;
using System.Text;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary><c>render import</c>: all lines or none.</summary>
internal static class RenderImportVerb
{
    private const string StandardInput = "-";
    private const int MostAlone = 100;

    public static Command Create(VerbContext context)
    {
        var file = new Argument<string>("FILE") { Description = "JSON lines {\"id\",\"projectId\",\"shareId\"?}; - for the standard input" };
        var json = VerbContext.Json();
        var command = new Command("import", "Make the renders of a file known, all or none; what is known already is only changed where it differs") { file, json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            using var catalog = context.OpenCatalog(parsed);
            var result = Import(catalog, path);
            if (!result.Succeeded)
                throw new EdgeException($"{Name(path)}: nothing was imported: {Describe(result)}");
            if (!parsed.GetValue(json))
            {
                context.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{result.Added} added, {result.Changed} changed, {result.Unchanged} unchanged"));
                return;
            }

            context.WriteJson(writer => writer.Write(result));
        });
        return command;
    }

    private static ImportResult Import(CatalogStore catalog, string path)
    {
        try
        {
            using var lines = path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
            using var bar = ProgressBar.OnTerminal();
            var length = lines.CanSeek ? lines.Length : 0;
            return catalog.Renders.Import(lines, progress => bar?.Show(
                // Reading and storing take about as long as each other.
                length == 0 ? null : (Math.Min(1, (double)progress.BytesRead / length) / 2) + (progress.Lines == 0 ? 0 : (double)progress.Stored / progress.Lines / 2),
                progress.Stored == 0 ? $"{progress.Lines:N0} lines read" : $"{progress.Stored:N0} of {progress.Lines:N0} renders"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException($"{Name(path)}: cannot be read ({e.Message})", inner: e);
        }
    }

    private static string Name(string path) => path == StandardInput ? "standard input" : path;

    /// <summary>Every bad line: up to <see cref="MostAlone"/> one by one, more of them those that follow each other with the same fault together.</summary>
    private static string Describe(ImportResult result)
    {
        if (result.Faults.Count <= MostAlone)
            return string.Join("; ", result.Faults);
        var text = new StringBuilder();
        for (var first = 0; first < result.Faults.Count;)
        {
            var last = first;
            while (last + 1 < result.Faults.Count && Follows(result.Faults[last], result.Faults[last + 1]))
                last++;
            text.Append(first == 0 ? "" : "; ").Append(first == last
                ? result.Faults[first].ToString()
                : string.Create(CultureInfo.InvariantCulture, $"lines {result.Faults[first].Line}-{result.Faults[last].Line}: {string.Join("; ", result.Faults[first].Messages)}"));
            first = last + 1;
        }

        return text.ToString();
    }

    private static bool Follows(ImportFault fault, ImportFault next) => next.Line == fault.Line + 1 && next.Messages.SequenceEqual(fault.Messages);
}
