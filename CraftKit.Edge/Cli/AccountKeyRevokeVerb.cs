using System.CommandLine;
using CraftKit.Edge.Catalog;

namespace CraftKit.Edge.Cli;

/// <summary><c>account key revoke</c>.</summary>
internal static class AccountKeyRevokeVerb
{
    public static Command Create(VerbContext context)
    {
        var id = new Argument<string>("KEYID") { Description = "The key's id, as account key list shows it" };
        var json = VerbContext.Json();
        var command = new Command("revoke", "Revoke an account key for good") { id, json };
        command.SetAction(parsed =>
        {
            using var catalog = context.OpenCatalog(parsed);
            var key = catalog.AccountKeys.Revoke(parsed.GetValue(id)!).OrFail();
            if (parsed.GetValue(json))
                context.WriteJson(writer => writer.WriteDone(key.Id, "revoked"));
            else
                context.Out.WriteLine($"account key {key.Id} revoked");
        });
        return command;
    }
}
