using System.CommandLine;
using CraftKit.Edge.Service;

namespace CraftKit.Edge.Cli;

/// <summary><c>serve</c>, and the program without a command.</summary>
internal static class ServeVerb
{
    public static Command Create(VerbContext context)
    {
        var command = new Command("serve", "Serve the data folder");
        Define(command, context);
        return command;
    }

    /// <summary>Makes <paramref name="command"/> serve.</summary>
    public static void Define(Command command, VerbContext context)
    {
        var url = new Option<string?>("--url") { Description = "Where the data plane listens; overrides url of the configuration", HelpName = "URL" };
        var adminUrl = new Option<string?>("--admin-url")
        {
            Description = "Where the admin plane listens; overrides adminUrl of the configuration; \"\" turns it off",
            HelpName = "URL",
        };
        var demo = new Option<bool>("--demo")
        {
            Description = "First make a project, key and render to try with, and print a curl line",
            Arity = ArgumentArity.Zero,
        };
        command.Add(url);
        command.Add(adminUrl);
        command.Add(demo);
        command.SetAction(async (parsed, _) =>
        {
            var options = context.LoadOptions(
                parsed,
                (url.Name, "url", parsed.GetValue(url)),
                (adminUrl.Name, "adminUrl", parsed.GetValue(adminUrl)));
            using var signals = new StopSignals();
            return await ServeCommand.RunAsync(options, parsed.GetValue(demo), context.Out, signals.Token).ConfigureAwait(false);
        });
    }
}
