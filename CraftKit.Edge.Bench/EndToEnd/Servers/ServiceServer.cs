using System.Diagnostics;
using System.Text.Json;
using CraftKit.Edge.Bench.EndToEnd.Load;

namespace CraftKit.Edge.Bench.EndToEnd.Servers;

/// <summary>The service: the published binary over a data folder of its own, provisioned with its own commands.</summary>
internal sealed class ServiceServer : Server
{
    /// <summary>The project that owns everything.</summary>
    public const string ProjectId = "01980000-0000-7000-9000-000000000001";

    /// <summary>The dedupe window: a day. No key expires while it is measured, so which answer is right never depends on how long a run
    /// took.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(1);

    private readonly string _binary;
    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, string> _settings;

    /// <param name="binary">The published binary.</param>
    /// <param name="folder">For configuration and data; what is there of an earlier run is used again.</param>
    /// <param name="settings">Configuration keys, such as <c>durability</c>, and their values.</param>
    /// <param name="name">What it is called in results.</param>
    /// <param name="certificate">Makes it speak https; null for http.</param>
    public ServiceServer(string binary, string folder, IReadOnlyDictionary<string, string> settings, string name = "service", TlsFiles? certificate = null)
        : base(name, certificate)
    {
        _binary = binary;
        _folder = Directory.CreateDirectory(folder).FullName;
        _settings = settings;
    }

    /// <summary>Its data folder.</summary>
    public string DataPath => Path.Combine(_folder, "data");

    /// <summary>So many renders as <c>render import</c> takes them.</summary>
    public static IEnumerable<string> RenderLines(int renders) => Enumerable.Range(0, renders).Select(render =>
        $$"""{"id":"{{EventKeys.RenderId(render)}}","projectId":"{{ProjectId}}","shareId":"{{EventKeys.ShareId(render)}}"}""");

    /// <summary>Makes a project, a key and the renders.</summary>
    public Provisioned Provision()
    {
        WriteConfiguration("http://127.0.0.1:0");
        Run("project", "add", "Bench", "--id", ProjectId);
        using var key = JsonDocument.Parse(Run("key", "create", "--project", ProjectId, "--json"));
        var renders = Path.Combine(_folder, "renders.jsonl");
        File.WriteAllLines(renders, RenderLines(EventKeys.Renders));
        Run("render", "import", renders);
        return new Provisioned(key.RootElement.GetProperty("key").GetString()!, renders);
    }

    /// <summary>Makes an account key, which opens the admin plane.</summary>
    public string ProvisionAccountKey()
    {
        WriteConfiguration("http://127.0.0.1:0");
        using var key = JsonDocument.Parse(Run("account", "key", "create", "--json"));
        return key.RootElement.GetProperty("key").GetString()!;
    }

    public override long? CountEvents() => EventDatabase.Count(Path.Combine(DataPath, "events.db"));

    protected override Process StartProcess()
    {
        WriteConfiguration($"{Url}".TrimEnd('/'));
        return StartProcess(_binary, ["serve", "--config", Path.Combine(_folder, "config.json")], _settings.ToDictionary(
            setting => "CRAFTKIT_EDGE__" + setting.Key.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal), setting => setting.Value));
    }

    private void WriteConfiguration(string url) => File.WriteAllText(Path.Combine(_folder, "config.json"), $$"""
        {
          "url": "{{url}}", "adminUrl": "", "dataDirectory": "data", "trustedProxies": ["127.0.0.1"],
          "dedupe": { "window": "{{Window}}" }, "log": { "level": "Warning" },
          "tls": { "certificate": "{{Certificate?.CertificatePath}}", "key": "{{Certificate?.KeyPath}}" }
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
