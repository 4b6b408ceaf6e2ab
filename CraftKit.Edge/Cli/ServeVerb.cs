using System.CommandLine;
using System.Runtime.InteropServices;
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
        var demo = new Option<bool>("--demo") { Description = "First make a project, key and render to try with, and print a curl line" };
        command.Add(url);
        command.Add(adminUrl);
        command.Add(demo);
        command.SetAction((parsed, _) =>
        {
            var options = context.LoadOptions(
                parsed,
                (url.Name, "url", parsed.GetValue(url)),
                (adminUrl.Name, "adminUrl", parsed.GetValue(adminUrl)));
            return RunUntilSignalAsync(stop => ServeCommand.RunAsync(options, parsed.GetValue(demo), stop));
        });
    }

    // SIGTERM and SIGINT ask for an orderly stop, as often as they come: how long that may take is bounded by the server itself.
    private static async Task<int> RunUntilSignalAsync(Func<CancellationToken, Task<int>> serve)
    {
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        return await serve(stop.Token).ConfigureAwait(false);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
