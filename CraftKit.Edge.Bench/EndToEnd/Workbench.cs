using CraftKit.Edge.Bench.EndToEnd.Contests;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.EndToEnd.Scenarios;
using CraftKit.Edge.Bench.EndToEnd.Servers;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd;

/// <summary>What a scenario works with: the published programs, a folder for its files, the client. The folder is gone afterwards.</summary>
internal sealed class Workbench : IDisposable
{
    private const string Memory = "/dev/shm";
    private readonly EndToEndArguments _arguments;
    private readonly Calm _calm;
    private readonly string _folder;

    /// <param name="arguments">The command line.</param>
    /// <param name="programs">What is measured.</param>
    public Workbench(EndToEndArguments arguments, PublishedPrograms programs)
    {
        _arguments = arguments;
        Programs = programs;
        _calm = new Calm(arguments.Patience, arguments.IsQuick);
        Client = arguments.Client == "wrk" ? new WrkClient() : new SocketClient();
        _folder = Directory.CreateDirectory(Path.Combine(Repository.Results, "data", Guid.NewGuid().ToString("N"))).FullName;
    }

    /// <summary>What is measured.</summary>
    public PublishedPrograms Programs { get; }

    /// <summary>Who sends.</summary>
    public ILoadClient Client { get; }

    /// <summary>How often to measure what is not measured in rounds.</summary>
    public int Rounds => _arguments.Rounds;

    /// <summary>Says a line about the progress.</summary>
    public Action<string> Say { get; } = Console.WriteLine;

    /// <summary>Measures something as often as there are rounds, while nobody else uses the machine.</summary>
    public Spread Repeat(Func<double> measure) => _calm.Repeat(Rounds, measure);

    /// <summary>Says a figure at once.</summary>
    public Figure Tell(Figure figure)
    {
        Say(ResultTable.Of(figure));
        return figure;
    }

    /// <summary>A folder for a server's files, not made yet.</summary>
    public string Folder(string name) => Path.Combine(_folder, name.Replace(' ', '-'));

    /// <summary>A contest as the command line wants it.</summary>
    public ContestPlan Plan(int connections) => new()
    {
        Client = Client,
        Connections = connections,
        Rounds = _arguments.Rounds,
        Time = TimeSpan.FromSeconds(_arguments.Seconds),
        Calm = _calm,
        RequestsPath = Path.Combine(Directory.Exists(Memory) ? Memory : _folder, $"craftkit-edge-requests-{Environment.ProcessId}"),
    };

    /// <summary>The service over a data folder.</summary>
    /// <param name="name">What it is called in results.</param>
    /// <param name="certificate">Makes it speak https.</param>
    /// <param name="folder">Its folder; null for a new one.</param>
    /// <param name="settings">Configuration keys and values besides those of the command line.</param>
    public ServiceServer Service(string name, TlsFiles? certificate = null, string? folder = null, params (string Key, string Value)[] settings)
    {
        var all = _arguments.Settings.ToDictionary();
        foreach (var (key, value) in settings)
            all[key] = value;
        return new ServiceServer(Programs.Service, folder ?? Folder(name), all, name, certificate);
    }

    /// <summary>A result that says what was measured, when and where.</summary>
    public ScenarioResult Result(Scenario scenario, ContestPlan? plan = null, IReadOnlyList<ServerResult>? servers = null) => new()
    {
        Name = scenario.Name,
        About = scenario.About,
        Date = DateTime.UtcNow,
        Version = Programs.ServiceVersion(),
        Machine = MachineDescription.OfThisMachine(),
        Client = plan?.Client.Name ?? "",
        Connections = plan?.Connections ?? 0,
        Seconds = plan?.Time.TotalSeconds ?? 0,
        Servers = servers ?? [],
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
