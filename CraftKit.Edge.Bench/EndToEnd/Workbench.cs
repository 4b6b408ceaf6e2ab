using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Servers;

namespace CraftKit.Edge.Bench.EndToEnd;

/// <summary>What a scenario works with: the published programs, a folder for its files, the client. The folder is gone afterwards.</summary>
internal sealed class Workbench : IDisposable
{
    private const string Memory = "/dev/shm";
    private readonly EndToEndArguments _arguments;
    private readonly string _folder;

    /// <param name="arguments">The command line.</param>
    /// <param name="programs">What is measured.</param>
    public Workbench(EndToEndArguments arguments, PublishedPrograms programs)
    {
        _arguments = arguments;
        Programs = programs;
        _folder = Directory.CreateDirectory(Path.Combine(Repository.Results, "data", Guid.NewGuid().ToString("N"))).FullName;
        RequestsPath = Path.Combine(Directory.Exists(Memory) ? Memory : _folder, $"craftkit-edge-requests-{Environment.ProcessId}");
    }

    /// <summary>What is measured.</summary>
    public PublishedPrograms Programs { get; }

    /// <summary>Who sends.</summary>
    public ILoadClient Client => _arguments.Client == "wrk" ? new WrkClient() : new SocketClient();

    /// <summary>Where requests lie while they are sent.</summary>
    public string RequestsPath { get; }

    /// <summary>Rounds that count.</summary>
    public int Rounds => _arguments.Rounds;

    /// <summary>How long each server is loaded in a round.</summary>
    public TimeSpan Time => TimeSpan.FromSeconds(_arguments.Seconds);

    /// <summary>Says a line about the progress.</summary>
    public Action<string> Say { get; } = Console.WriteLine;

    /// <summary>A folder for a server's files.</summary>
    public string Folder(string name) => Path.Combine(_folder, name);

    /// <summary>The service over a new data folder.</summary>
    /// <param name="name">What it is called in results.</param>
    /// <param name="settings">Configuration keys and values besides those of the command line.</param>
    public ServiceServer Service(string name, params (string Key, string Value)[] settings)
    {
        var all = _arguments.Settings.ToDictionary();
        foreach (var (key, value) in settings)
            all[key] = value;
        return new ServiceServer(Programs.Service, Folder(name.Replace(' ', '-')), all, name);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
