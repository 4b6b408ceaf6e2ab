using System.CommandLine;
using CraftKit.Edge.Catalog;

namespace CraftKit.Edge.Cli;

/// <summary><c>render add</c>.</summary>
internal static class RenderAddVerb
{
    public static Command Create(VerbContext context)
    {
        var id = new Argument<string>("ID") { Description = "The render, 1 to 64 of A-Z a-z 0-9 _ -" };
        var project = new Option<string>("--project") { Description = "The project that owns it", HelpName = "ID", Required = true };
        var share = new Option<string?>("--share")
        {
            Description = "The share that it is shared through; \"\" takes the share away; as it is when not given",
            HelpName = "SHAREID",
        };
        var json = VerbContext.Json();
        var command = new Command("add", "Make a render known, or change its share") { id, project, share, json };
        command.SetAction(parsed =>
        {
            using var catalog = context.OpenCatalog(parsed);
            var change = parsed.GetValue(share) switch
            {
                null => ShareChange.Keep,
                "" => ShareChange.Remove,
                var given => ShareChange.Set(given),
            };
            var put = catalog.Renders.Add(parsed.GetValue(id)!, parsed.GetValue(project)!, change).OrFail();
            if (parsed.GetValue(json))
                context.WriteJson(writer => writer.Write(put.Render));
            else
                context.Out.WriteLine($"render {put.Render.Id} {Word(put.Change)}");
        });
        return command;
    }

    private static string Word(RenderChange change) => change switch
    {
        RenderChange.Added => "added",
        RenderChange.Changed => "changed",
        _ => "unchanged",
    };
}
