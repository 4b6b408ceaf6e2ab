using System.CommandLine;
using CraftKit.Edge.Catalog;

namespace CraftKit.Edge.Cli;

/// <summary><c>key revoke</c>.</summary>
internal static class KeyRevokeVerb
{
    public static Command Create(VerbContext context)
    {
        var id = new Argument<string>("KEYID") { Description = "The key's id, as key list shows it" };
        var json = VerbContext.Json();
        var command = new Command("revoke", "Revoke an API key for good") { id, json };
        command.SetAction(parsed =>
        {
            using var catalog = context.OpenCatalog(parsed);
            var key = catalog.Keys.Revoke(parsed.GetValue(id)!).OrFail();
            if (parsed.GetValue(json))
                context.WriteJson(writer => writer.WriteDone(key.Id, "revoked"));
            else
                context.Out.WriteLine($"key {key.Id} revoked");
        });
        return command;
    }
}
