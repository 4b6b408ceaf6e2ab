using System.CommandLine;
using System.Globalization;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary><c>render import</c>: all lines or none.</summary>
internal static class RenderImportVerb
{
    private const string StandardInput = "-";

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

    private static string Describe(ImportResult result)
    {
        var faults = string.Join("; ", result.Faults);
        var more = result.FaultCount - result.Faults.Count;
        return more == 0 ? faults : string.Create(CultureInfo.InvariantCulture, $"{faults}; and {more} more lines");
    }
}
