using System.CommandLine;
using CraftKit.Edge.Catalog;

namespace CraftKit.Edge.Cli;

/// <summary><c>render delete</c>.</summary>
internal static class RenderDeleteVerb
{
    public static Command Create(VerbContext context)
    {
        var id = new Argument<string>("ID") { Description = "The render" };
        var json = VerbContext.Json();
        var command = new Command("delete", "Make a render unknown; its events stay") { id, json };
        command.SetAction(parsed =>
        {
            using var catalog = context.OpenCatalog(parsed);
            var render = catalog.Renders.Delete(parsed.GetValue(id)!).OrFail();
            if (parsed.GetValue(json))
                context.WriteJson(writer => writer.WriteDone(render.Id, "deleted"));
            else
                context.Out.WriteLine($"render {render.Id} deleted");
        });
        return command;
    }
}
