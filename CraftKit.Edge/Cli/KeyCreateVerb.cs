using System.CommandLine;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary><c>key create</c>: the only time that a key is shown.</summary>
internal static class KeyCreateVerb
{
    public static Command Create(VerbContext context)
    {
        var project = new Option<string>("--project") { Description = "The project that the key opens", HelpName = "ID", Required = true };
        var name = new Option<string?>("--name") { Description = "What the key is for, 1 to 200 characters; \"API key\" when not given", HelpName = "NAME" };
        var json = VerbContext.Json();
        var command = new Command("create", "Create an API key and show it, this once") { project, name, json };
        command.SetAction(parsed =>
        {
            using var catalog = context.OpenCatalog(parsed);
            var created = catalog.Keys.Create(parsed.GetValue(project)!, parsed.GetValue(name)).OrFail();
            if (parsed.GetValue(json))
            {
                context.WriteJson(writer => writer.Write(created));
                return;
            }

            context.Out.WriteLine(created.Plaintext);
            context.Out.WriteLine($"Keep it now: it is stored nowhere and cannot be shown again. Its id is {created.Key.Id}, its name {TerminalText.Escape(created.Key.Name)}.");
        });
        return command;
    }
}
