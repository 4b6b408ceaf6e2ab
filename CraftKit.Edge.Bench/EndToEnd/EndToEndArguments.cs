using System.Globalization;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Scenarios;

namespace CraftKit.Edge.Bench.EndToEnd;

/// <summary>The command line of the end-to-end mode.</summary>
internal sealed record EndToEndArguments
{
    /// <summary>What <c>e2e --help</c> prints.</summary>
    public const string Help = """
        The service as a process beside others, under load. Linux only.

          dotnet run -c Release --project CraftKit.Edge.Bench -- e2e OPTIONS

          --list             names the scenarios; runs nothing
          --scenario NAME... runs these
          --binary FILE      measures this published binary instead of publishing the service
          --reuse            takes all programs as they were published last
          --rounds N         rounds that count (5); in each every server is loaded once
          --seconds N        how long each is loaded in a round (3)
          --quick            1 round of 1 second: shows that everything works whatever else runs, measures nothing
          --client NAME      who sends: wrk, or own for a client of this program's own (wrk where it is installed)
          --patience S       how many seconds to wait before a round while somebody else uses the machine (30)
          --set KEY=VALUE    a configuration key of the service, such as durability=fsync; repeatable
          --write            makes docs/BENCHMARKS.md and its chart of all results that there are; runs nothing unless --scenario or --all is given
          --all              runs every scenario; with --write, the whole page in one command
          --help             this text

        The servers are published (the service and the endpoint that does nothing as native code), started on loopback ports, provisioned, and loaded in
        turn by wrk with one thread. Every number is the median of the rounds, every ratio that of the rounds' own ratios, with the
        middle half in brackets. A round in which somebody else used the machine is said and left out.

        Results are left in artifacts/bench/results, the last of each scenario; programs and data below artifacts/bench. Exit code 1: a server's answers and its
        database do not agree, or something could not be measured.
        """;

    /// <summary>Whether to print <see cref="Help"/>.</summary>
    public bool IsHelp { get; private init; }

    /// <summary>Whether to name the scenarios.</summary>
    public bool IsList { get; private init; }

    /// <summary>Whether to make the page of benchmarks in the end.</summary>
    public bool IsWrite { get; private init; }

    /// <summary>The scenarios to run.</summary>
    public IReadOnlyList<Scenario> Scenarios { get; private init; } = [];

    /// <summary>A binary of the service to take, or null.</summary>
    public string? Binary { get; private init; }

    /// <summary>Whether to publish nothing.</summary>
    public bool Reuse { get; private init; }

    /// <summary>Whether what others do on the machine is overlooked.</summary>
    public bool IsQuick { get; private init; }

    /// <summary>Rounds that count.</summary>
    public int Rounds { get; private init; } = 5;

    /// <summary>Seconds of load in a round.</summary>
    public int Seconds { get; private init; } = 3;

    /// <summary>How long to wait before a round while somebody else uses the machine.</summary>
    public TimeSpan Patience { get; private init; } = TimeSpan.FromSeconds(30);

    /// <summary>Who sends: <c>wrk</c> or <c>own</c>.</summary>
    public string Client { get; private init; } = WrkClient.IsInstalled ? "wrk" : "own";

    /// <summary>Configuration keys of the service and their values.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; private init; } = new Dictionary<string, string>();

    /// <summary>Reads the command line, after <c>e2e</c>.</summary>
    /// <exception cref="FormatException">It cannot be understood; the message says what.</exception>
    public static EndToEndArguments Read(ReadOnlySpan<string> args)
    {
        var read = new EndToEndArguments();
        var scenarios = new List<Scenario>();
        var settings = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--help" or "-h" or "-?":
                    read = read with { IsHelp = true };
                    break;
                case "--list":
                    read = read with { IsList = true };
                    break;
                case "--write":
                    read = read with { IsWrite = true };
                    break;
                case "--all":
                    scenarios.AddRange(AllScenarios.List);
                    break;
                case "--reuse":
                    read = read with { Reuse = true };
                    break;
                case "--quick":
                    read = read with { IsQuick = true, Rounds = 1, Seconds = 1 };
                    break;
                case "--binary":
                    read = read with { Binary = Value(args, ref i) };
                    break;
                case "--rounds":
                    read = read with { Rounds = Number(args, ref i) };
                    break;
                case "--patience":
                    read = read with { Patience = TimeSpan.FromSeconds(Number(args, ref i)) };
                    break;
                case "--seconds":
                    read = read with { Seconds = Number(args, ref i) };
                    break;
                case "--client":
                    read = read with { Client = Value(args, ref i) };
                    if (read.Client is not ("wrk" or "own"))
                        throw new FormatException($"--client {read.Client}: wrk or own is needed");
                    break;
                case "--set":
                    var setting = Value(args, ref i).Split('=', 2);
                    settings[setting[0]] = setting.Length == 2 ? setting[1] : throw new FormatException($"--set {setting[0]}: KEY=VALUE is needed");
                    break;
                case "--scenario":
                    do
                        scenarios.Add(ScenarioOf(Value(args, ref i)));
                    while (i + 1 < args.Length && !args[i + 1].StartsWith('-'));
                    break;
                default:
                    throw new FormatException($"{args[i]} is no option of e2e; see e2e --help");
            }
        }

        return read with { Settings = settings, Scenarios = scenarios, IsHelp = read.IsHelp || (scenarios.Count == 0 && !read.IsList && !read.IsWrite) };
    }

    private static Scenario ScenarioOf(string name) => AllScenarios.List.FirstOrDefault(scenario => scenario.Name == name)
        ?? throw new FormatException($"{name} is no scenario; e2e --list names them");

    private static string Value(ReadOnlySpan<string> args, ref int i) =>
        i + 1 < args.Length ? args[++i] : throw new FormatException($"{args[i]} needs a value");

    private static int Number(ReadOnlySpan<string> args, ref int i)
    {
        var option = args[i];
        return int.TryParse(Value(args, ref i), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"{option} needs a number above 0");
    }
}
