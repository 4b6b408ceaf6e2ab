using System.CommandLine;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Json;

namespace CraftKit.Edge.Cli;

/// <summary><c>key list</c>.</summary>
internal static class KeyListVerb
{
    public static Command Create(VerbContext context)
    {
        var project = new Option<string?>("--project") { Description = "Only this project's keys", HelpName = "ID" };
        var json = VerbContext.Json();
        var command = new Command("list", "List the API keys, newest first, revoked ones too") { project, json };
        command.SetAction(parsed =>
        {
            using var catalog = context.OpenCatalog(parsed);
            var keys = catalog.Keys.List(parsed.GetValue(project)).OrFail();
            var uses = context.ReadKeyUses(parsed);
            if (parsed.GetValue(json))
            {
                context.WriteJson(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteStartArray("keys");
                    foreach (var key in keys)
                        writer.Write(key, uses.TryGetValue(key.Id, out var used) ? used : null);
                    writer.WriteEndArray();
                    writer.WriteEndObject();
                });
                return;
            }

            var table = new TextTable(context.Out, "ID", "PREFIX", "PROJECT", "CREATED", "LAST USED", "REVOKED", "NAME");
            foreach (var key in keys)
            {
                table.Add(
                    key.Id, key.Prefix, key.ProjectId, TimeText.Of(key.CreatedAt),
                    uses.TryGetValue(key.Id, out var used) ? TimeText.Of(used) : null,
                    key.RevokedAt is { } revoked ? TimeText.Of(revoked) : null,
                    key.Name);
            }

            table.Flush();
        });
        return command;
    }
}
