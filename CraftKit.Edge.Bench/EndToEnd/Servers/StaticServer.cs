namespace CraftKit.Edge.Bench.EndToEnd.Servers;

/// <summary>The endpoint that does nothing (<c>Baselines/Static</c>).</summary>
internal sealed class StaticServer(string program) : Server("static endpoint")
{
    public override void Start()
    {
        Url = new Uri($"http://127.0.0.1:{LocalPorts.Free()}");
        StartProcess(program, ["--urls", $"{Url}"]);
        WaitUntilListening();
    }
}
