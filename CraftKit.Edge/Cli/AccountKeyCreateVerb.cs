using System.CommandLine;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary><c>account key create</c>: the only time that an account key is shown.</summary>
internal static class AccountKeyCreateVerb
{
    public static Command Create(VerbContext context)
    {
        var name = new Option<string?>("--name") { Description = "What the key is for, 1 to 200 characters; \"Account key\" when not given", HelpName = "NAME" };
        var json = VerbContext.Json();
        var command = new Command("create", "Create an account key and show it, this once") { name, json };
        command.SetAction(parsed =>
        {
            using var catalog = context.OpenCatalog(parsed);
            var created = catalog.AccountKeys.Create(parsed.GetValue(name)).OrFail();
            if (parsed.GetValue(json))
            {
                context.WriteJson(writer => writer.Write(created));
                return;
            }

            context.Out.WriteLine(created.Plaintext);
            context.Out.WriteLine(
                $"Keep it now: it is stored nowhere and cannot be shown again. It opens every project on the admin plane. Its id is {created.Key.Id}, its name {TerminalText.Escape(created.Key.Name)}.");
        });
        return command;
    }
}
