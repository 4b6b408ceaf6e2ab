using System.CommandLine;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary><c>project add</c>.</summary>
internal static class ProjectAddVerb
{
    public static Command Create(VerbContext context)
    {
        var name = new Argument<string>("NAME") { Description = "Its name, 1 to 120 characters" };
        var id = new Option<string?>("--id") { Description = "Its id, 1 to 64 of A-Z a-z 0-9 _ -; a fresh UUID when not given", HelpName = "ID" };
        var json = VerbContext.Json();
        var command = new Command("add", "Add a project") { name, id, json };
        command.SetAction(parsed =>
        {
            using var catalog = context.OpenCatalog(parsed);
            var project = catalog.Projects.Add(parsed.GetValue(name)!, parsed.GetValue(id)).OrFail();
            if (parsed.GetValue(json))
                context.WriteJson(writer => writer.Write(project));
            else
                context.Out.WriteLine($"project {project.Id} added: {TerminalText.Escape(project.Name)}");
        });
        return command;
    }
}
