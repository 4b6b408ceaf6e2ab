using System.Diagnostics;

namespace CraftKit.Edge.Bench.EndToEnd.Servers;

/// <summary>The usual way to build the service (<c>Baselines/Usual</c>).</summary>
/// <param name="program">The published program.</param>
/// <param name="folder">For its database.</param>
/// <param name="provisioned">Key and renders.</param>
/// <param name="isTuned">Whether its database is used as well as one INSERT a request allows.</param>
internal sealed class UsualServer(string program, string folder, Provisioned provisioned, bool isTuned) : Server(isTuned ? "usual way, tuned" : "usual way")
{
    public override long? CountEvents() => EventDatabase.Count(Path.Combine(folder, "events.db"));

    protected override Process StartProcess()
    {
        Directory.CreateDirectory(folder);
        return StartProcess(program, ["--urls", $"{Url}", "--data", folder, "--key", provisioned.Key, "--renders", provisioned.RendersFile, "--tuned", isTuned ? "yes" : "no"]);
    }
}
