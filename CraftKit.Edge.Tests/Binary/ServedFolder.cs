using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>A working folder with a configuration and a provisioned data folder, and the process that serves it, if any. Nothing outlives it.</summary>
internal sealed class ServedFolder : IAsyncDisposable
{
    /// <summary>Renders r0, r1, … of the project.</summary>
    public const int Renders = 40;

    /// <summary>The project that owns everything.</summary>
    public const string ProjectId = "p";

    private readonly TemporaryFolder _folder = new();
    private readonly string _dataPath;
    private EdgeProcess? _server;

    private ServedFolder(string? dataPath, string configuration)
    {
        _dataPath = dataPath ?? _folder["data"];
        File.WriteAllText(_folder["config.json"], $$"""
            { "url": "http://127.0.0.1:0", "adminUrl": "", "dataDirectory": "{{_dataPath}}", "trustedProxies": ["127.0.0.1"]{{configuration}} }
            """);
    }

    public string FolderPath => _folder.FolderPath;

    public string DataPath => _dataPath;

    /// <summary>The plain API key, and its id.</summary>
    public string ApiKey { get; private set; } = "";

    public string ApiKeyId { get; private set; } = "";

    /// <summary>Where the data plane listens since the last start.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>The serving process.</summary>
    public EdgeProcess Server => _server ?? throw new InvalidOperationException("nothing was started");

    /// <summary>The share of a render: of r0 and r1 that is s0, of r2 and r3 s1; from r20 on there is none.</summary>
    public static string? ShareOf(string renderId) =>
        NumberOf(renderId) is var number && number < Renders / 2 ? $"s{number / 2}" : null;

    /// <summary>The other render of its share; null without a share.</summary>
    public static string? SiblingOf(string renderId) => ShareOf(renderId) is null ? null : $"r{NumberOf(renderId) ^ 1}";

    /// <summary>Makes the folder, a project, a key and the renders, through the command line.</summary>
    /// <param name="configuration">Further members of the configuration, each led by a comma.</param>
    /// <param name="dataPath">A data folder elsewhere.</param>
    public static async Task<ServedFolder> CreateAsync(string configuration = "", string? dataPath = null)
    {
        var folder = new ServedFolder(dataPath, configuration);
        try
        {
            await folder.OkAsync("project", "add", "P", "--id", ProjectId);
            (folder.ApiKey, folder.ApiKeyId) = await folder.CreateKeyAsync();
            var lines = new StringBuilder();
            for (var render = 0; render < Renders; render++)
            {
                var share = ShareOf($"r{render}") is { } id ? $"\"{id}\"" : "null";
                lines.Append($$"""{"id":"r{{render}}","projectId":"{{ProjectId}}","shareId":{{share}}}""").Append('\n');
            }
            var import = await EdgeProcess.RunAsync(folder.FolderPath, ["render", "import", "-"], input: lines.ToString());
            Assert.True(import.ExitCode == 0, import.ToString());
            return folder;
        }
        catch
        {
            await folder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes another key.</summary>
    public async Task<(string Key, string Id)> CreateKeyAsync(string project = ProjectId)
    {
        using var key = JsonDocument.Parse(await OkAsync("key", "create", "--project", project, "--json"));
        return (key.RootElement.GetProperty("key").GetString()!, key.RootElement.GetProperty("id").GetString()!);
    }

    /// <summary>Serves, and returns when the port is open.</summary>
    /// <param name="environment">Variables besides those of the test run.</param>
    /// <param name="under">See <see cref="EdgeProcess.Start"/>.</param>
    /// <param name="arguments">Options of <c>serve</c>.</param>
    public async Task<EdgeProcess> StartAsync(
        IReadOnlyDictionary<string, string>? environment = null, IReadOnlyList<string>? under = null, IReadOnlyList<string>? arguments = null)
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _server = EdgeProcess.Start(FolderPath, ["serve", .. arguments ?? []], environment, under: under);
        EndPoint = EndPointIn(await _server.WaitForErrorAsync("events on http://"));
        return _server;
    }

    /// <summary>The address in the line that announces the data plane.</summary>
    public static IPEndPoint EndPointIn(string line)
    {
        const string Announcement = "events on http://";
        var start = line.IndexOf(Announcement, StringComparison.Ordinal) + Announcement.Length;
        return IPEndPoint.Parse(line.AsSpan(start, line.IndexOfAny([',', '/'], start) - start));
    }

    /// <summary>A connection to the serving process.</summary>
    public EventClient Connect(string? apiKey = null) => new(EndPoint, apiKey ?? ApiKey);

    /// <summary>SIGTERM, or another signal, and the end of the process, which must be a clean one.</summary>
    public async Task<EdgeResult> StopAsync(string signal = "TERM")
    {
        Server.Signal(signal);
        var result = await Server.WaitAsync();
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    /// <summary>Runs a command in the folder.</summary>
    public Task<EdgeResult> RunAsync(params string[] arguments) => EdgeProcess.RunAsync(FolderPath, arguments);

    /// <summary>Runs a command that must succeed.</summary>
    /// <returns>Its standard output.</returns>
    public async Task<string> OkAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    /// <summary>Every stored event.</summary>
    public async Task<List<StoredEvent>> ExportAsync() =>
        [.. (await OkAsync("events", "export")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(StoredEvent.Parse)];

    /// <summary>The path of a file in the data folder.</summary>
    public string DataFile(string name) => Path.Combine(DataPath, name);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static int NumberOf(string renderId) => int.Parse(renderId.AsSpan(1), CultureInfo.InvariantCulture);
}
