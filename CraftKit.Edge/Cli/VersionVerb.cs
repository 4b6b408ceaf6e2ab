using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Cli;

/// <summary><c>version</c>: what this binary is made of.</summary>
internal static class VersionVerb
{
    public static Command Create(VerbContext context)
    {
        var json = VerbContext.Json();
        var command = new Command("version", "Print version, commit, runtime and SQLite version") { json };
        command.SetAction(parsed => Print(context, parsed.GetValue(json)));
        return command;
    }

    private static void Print(VerbContext context, bool asJson)
    {
        var (version, commit) = ProgramVersion.Current;
        var runtime = $"{RuntimeInformation.FrameworkDescription} {RuntimeInformation.RuntimeIdentifier}";
        SqliteNative.Initialize(dataDirectory: null);
        if (!asJson)
        {
            context.Out.WriteLine($"{EdgeCommandLine.ProgramName} {version}");
            context.Out.WriteLine($"commit {commit}");
            context.Out.WriteLine($"runtime {runtime}");
            context.Out.WriteLine($"SQLite {SqliteNative.Version}");
            return;
        }

        context.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("version", version);
            writer.WriteString("commit", commit);
            writer.WriteString("runtime", runtime);
            writer.WriteString("sqlite", SqliteNative.Version);
            writer.WriteEndObject();
        });
    }

    /// <summary><c>--version</c> prints what <c>version</c> prints.</summary>
    internal sealed class PrintVersion(VerbContext context) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            Print(context, asJson: false);
            return 0;
        }
    }
}
