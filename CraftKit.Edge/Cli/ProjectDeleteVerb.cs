using System.CommandLine;
using CraftKit.Edge.Catalog;

namespace CraftKit.Edge.Cli;

/// <summary><c>project delete</c>.</summary>
internal static class ProjectDeleteVerb
{
    public static Command Create(VerbContext context)
    {
        var id = new Argument<string>("ID") { Description = "The project" };
        var json = VerbContext.Json();
        var command = new Command("delete", "Delete a project for good; its keys answer 403 from then on") { id, json };
        command.SetAction(parsed =>
        {
            using var catalog = context.OpenCatalog(parsed);
            var project = catalog.Projects.Delete(parsed.GetValue(id)!).OrFail();
            if (parsed.GetValue(json))
                context.WriteJson(writer => writer.WriteDone(project.Id, "deleted"));
            else
                context.Out.WriteLine($"project {project.Id} deleted");
        });
        return command;
    }
}
