using System.CommandLine;
using System.Text.Json;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary><c>init</c>: a configuration, a first project with its key, and an account key, in one step.</summary>
internal static class InitVerb
{
    private const string DefaultName = "My project";

    public static Command Create(VerbContext context)
    {
        var name = new Argument<string>("NAME") { Description = "The first project's name, 1 to 120 characters", DefaultValueFactory = _ => DefaultName };
        var json = VerbContext.Json();
        var command = new Command("init", "Write a configuration and make a first project, its key and an account key") { name, json };
        command.SetAction(parsed =>
        {
            var file = new FirstConfiguration(parsed.GetValue(context.Config), parsed.GetValue(context.Data));
            var isNew = file.TryWrite();
            try
            {
                var options = context.LoadOptions(parsed, file.Path);
                var made = Provision(options, parsed.GetValue(name)!);
                if (parsed.GetValue(json))
                    context.WriteJson(writer => Write(writer, file, options, made));
                else
                    Print(context.Out, file, isNew, options, made, WhereTo(parsed.GetValue(context.Config), isNew ? null : parsed.GetValue(context.Data)));
            }
            catch when (isNew)
            {
                // Nothing is left half made: the next try finds the folder as this one did.
                file.Remove();
                throw;
            }
        });
        return command;
    }

    private static Made Provision(EdgeOptions options, string name)
    {
        using var catalog = CatalogAccess.OpenCatalog(options);
        if (catalog.Projects.List(includeDeleted: false, limit: 1) is [var known])
        {
            throw new EdgeException(
                $"{options.DataDirectory}: holds projects already, such as {known.Id}; project add, key create and account key create make more");
        }

        var project = catalog.Projects.Add(name).OrFail();
        return new Made(project, catalog.Keys.Create(project.Id).OrFail(), catalog.AccountKeys.Create().OrFail());
    }

    private static void Print(TextWriter output, FirstConfiguration file, bool isNew, EdgeOptions options, Made made, string whereTo)
    {
        output.WriteLine($"configuration {TerminalText.Escape(file.Path)}{(isNew ? "" : " (was there, kept)")}");
        output.WriteLine($"data          {TerminalText.Escape(options.DataDirectory)}");
        output.WriteLine($"project       {made.Project.Id} ({TerminalText.Escape(made.Project.Name)})");
        output.WriteLine($"API key       {made.Key.Plaintext}");
        output.WriteLine($"account key   {made.AccountKey.Plaintext}");
        output.WriteLine();
        output.WriteLine("Keep both keys now: they are stored nowhere and cannot be shown again. Your backend sends events with the API key;");
        output.WriteLine("the account key opens the admin plane.");
        output.WriteLine();
        output.WriteLine("Next:");
        output.WriteLine($"  {EdgeCommandLine.ProgramName} render add RENDER-ID --project {made.Project.Id}{whereTo}");
        output.WriteLine($"  {EdgeCommandLine.ProgramName} serve{whereTo}");
    }

    /// <summary>What every command needs to find the same configuration and data; a new configuration names its data itself.</summary>
    private static string WhereTo(string? config, string? data) =>
        (config is null ? "" : $" --config {ShellText.Quote(TerminalText.Escape(config))}") + (data is null ? "" : $" --data {ShellText.Quote(TerminalText.Escape(data))}");

    private static void Write(Utf8JsonWriter writer, FirstConfiguration file, EdgeOptions options, Made made)
    {
        writer.WriteStartObject();
        writer.WriteString("config", file.Path);
        writer.WriteString("dataDirectory", options.DataDirectory);
        writer.WritePropertyName("project");
        writer.Write(made.Project);
        writer.WritePropertyName("key");
        writer.Write(made.Key);
        writer.WritePropertyName("accountKey");
        writer.Write(made.AccountKey);
        writer.WriteEndObject();
    }

    private sealed record Made(CatalogProject Project, CreatedKey Key, CreatedAccountKey AccountKey);
}
