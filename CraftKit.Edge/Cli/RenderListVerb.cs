using System.CommandLine;
using System.Text.Json;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Json;

namespace CraftKit.Edge.Cli;

/// <summary><c>render list</c>, page by page, so that a million renders need no memory.</summary>
internal static class RenderListVerb
{
    public static Command Create(VerbContext context)
    {
        var project = new Option<string>("--project") { Description = "The project whose renders to list", HelpName = "ID", Required = true };
        var json = VerbContext.Json();
        var command = new Command("list", "List a project's renders by id") { project, json };
        command.SetAction(parsed =>
        {
            using var catalog = context.OpenCatalog(parsed);
            var pages = Pages(catalog, parsed.GetValue(project)!);
            if (parsed.GetValue(json))
                context.WriteJson(writer => Write(writer, pages));
            else
                Write(new TextTable(context.Out, "ID", "CREATED", "SHARE"), pages);
        });
        return command;
    }

    private static IEnumerable<IReadOnlyList<CatalogRender>> Pages(CatalogStore catalog, string projectId)
    {
        string? after = null;
        do
        {
            var page = catalog.Renders.List(projectId, after, RenderTable.MaxPage).OrFail();
            using var renders = page.Renders;
            yield return renders;
            after = page.Next;
        }
        while (after is not null);
    }

    private static void Write(Utf8JsonWriter writer, IEnumerable<IReadOnlyList<CatalogRender>> pages)
    {
        // The first page before the first byte: an unknown project prints nothing but its error.
        using var page = pages.GetEnumerator();
        page.MoveNext();
        writer.WriteStartObject();
        writer.WriteStartArray("renders");
        do
        {
            foreach (var render in page.Current)
                writer.Write(render);
            writer.Flush();
        }
        while (page.MoveNext());
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(TextTable table, IEnumerable<IReadOnlyList<CatalogRender>> pages)
    {
        foreach (var page in pages)
        {
            foreach (var render in page)
                table.Add(render.Id, TimeText.Of(render.CreatedAt), render.ShareId);
            table.Flush();
        }
    }
}
