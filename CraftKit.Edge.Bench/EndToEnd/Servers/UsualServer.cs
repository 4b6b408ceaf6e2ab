namespace CraftKit.Edge.Bench.EndToEnd.Servers;

/// <summary>The usual way to build the service (<c>Baselines/Usual</c>).</summary>
/// <param name="program">The published program.</param>
/// <param name="folder">For its database.</param>
/// <param name="provisioned">Key and renders.</param>
internal sealed class UsualServer(string program, string folder, Provisioned provisioned) : Server("usual way")
{
    public override void Start()
    {
        Url = new Uri($"http://127.0.0.1:{LocalPorts.Free()}");
        StartProcess(program, ["--urls", $"{Url}", "--data", Directory.CreateDirectory(folder).FullName, "--key", provisioned.Key, "--renders", provisioned.RendersFile]);
        WaitUntilListening();
    }

    public override long? CountEvents() => EventDatabase.Count(Path.Combine(folder, "events.db"));
}
