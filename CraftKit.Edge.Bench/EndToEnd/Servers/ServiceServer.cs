using System.Diagnostics;
using System.Text.Json;
using CraftKit.Edge.Bench.EndToEnd.Load;

namespace CraftKit.Edge.Bench.EndToEnd.Servers;

/// <summary>The service: the published binary over a data folder of its own, provisioned with its own commands.</summary>
internal sealed class ServiceServer : Server
{
    private const string ProjectId = "01980000-0000-7000-9000-000000000001";

    private readonly string _binary;
    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, string> _settings;

    /// <param name="binary">The published binary.</param>
    /// <param name="folder">For configuration and data; what is there of an earlier run is used again.</param>
    /// <param name="settings">Configuration keys, such as <c>durability</c>, and their values.</param>
    /// <param name="name">What it is called in results.</param>
    public ServiceServer(string binary, string folder, IReadOnlyDictionary<string, string> settings, string name = "service")
        : base(name)
    {
        _binary = binary;
        _folder = Directory.CreateDirectory(folder).FullName;
        _settings = settings;
    }

    /// <summary>Its data folder.</summary>
    public string DataPath => Path.Combine(_folder, "data");

    /// <summary>Makes a project, a key and the renders.</summary>
    public Provisioned Provision()
    {
        WriteConfiguration(port: 0);
        Run("project", "add", "Bench", "--id", ProjectId);
        using var key = JsonDocument.Parse(Run("key", "create", "--project", ProjectId, "--json"));
        var renders = Path.Combine(_folder, "renders.jsonl");
        File.WriteAllLines(renders, Enumerable.Range(0, EventKeys.Renders).Select(render =>
            $$"""{"id":"{{EventKeys.RenderId(render)}}","projectId":"{{ProjectId}}","shareId":"{{EventKeys.ShareId(render)}}"}"""));
        Run("render", "import", renders);
        return new Provisioned(key.RootElement.GetProperty("key").GetString()!, renders);
    }

    public override void Start()
    {
        var port = LocalPorts.Free();
        Url = new Uri($"http://127.0.0.1:{port}");
        WriteConfiguration(port);
        StartProcess(_binary, ["serve", "--config", Path.Combine(_folder, "config.json")], _settings.ToDictionary(
            setting => "CRAFTKIT_EDGE__" + setting.Key.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal), setting => setting.Value));
        WaitUntilListening();
    }

    public override long? CountEvents() => EventDatabase.Count(Path.Combine(DataPath, "events.db"));

    // A window of a day: no key expires while it is measured, so which answer is right never depends on how long a run took.
    private void WriteConfiguration(int port) => File.WriteAllText(Path.Combine(_folder, "config.json"), $$"""
        {
          "url": "http://127.0.0.1:{{port}}", "adminUrl": "", "dataDirectory": "data", "trustedProxies": ["127.0.0.1"],
          "dedupe": { "window": "1.00:00:00" }, "log": { "level": "Warning" }
        }
        """);

    private string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(_binary, [.. arguments, "--config", Path.Combine(_folder, "config.json")]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
    }
}
