using System.CommandLine;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Json;

namespace CraftKit.Edge.Cli;

/// <summary><c>project list</c>.</summary>
internal static class ProjectListVerb
{
    public static Command Create(VerbContext context)
    {
        var json = VerbContext.Json();
        var command = new Command("list", "List the projects, newest first, without deleted ones") { json };
        command.SetAction(parsed =>
        {
            using var catalog = context.OpenCatalog(parsed);
            var projects = catalog.Projects.List();
            if (parsed.GetValue(json))
            {
                context.WriteJson(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteStartArray("projects");
                    foreach (var project in projects)
                        writer.Write(project);
                    writer.WriteEndArray();
                    writer.WriteEndObject();
                });
                return;
            }

            var table = new TextTable(context.Out, "ID", "CREATED", "SLUG", "NAME");
            foreach (var project in projects)
                table.Add(project.Id, TimeText.Of(project.CreatedAt), project.Slug, project.Name);
            table.Flush();
        });
        return command;
    }
}
