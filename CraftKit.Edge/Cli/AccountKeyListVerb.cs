using System.CommandLine;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Json;

namespace CraftKit.Edge.Cli;

/// <summary><c>account key list</c>.</summary>
internal static class AccountKeyListVerb
{
    public static Command Create(VerbContext context)
    {
        var json = VerbContext.Json();
        var command = new Command("list", "List the account keys, newest first, revoked ones too") { json };
        command.SetAction(parsed =>
        {
            using var catalog = context.OpenCatalog(parsed);
            var keys = catalog.AccountKeys.List();
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

            var table = new TextTable(context.Out, "ID", "PREFIX", "CREATED", "LAST USED", "REVOKED", "NAME");
            foreach (var key in keys)
            {
                table.Add(
                    key.Id, key.Prefix, TimeText.Of(key.CreatedAt),
                    uses.TryGetValue(key.Id, out var used) ? TimeText.Of(used) : null,
                    key.RevokedAt is { } revoked ? TimeText.Of(revoked) : null,
                    key.Name);
            }

            table.Flush();
        });
        return command;
    }
}
