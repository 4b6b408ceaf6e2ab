namespace CraftKit.Edge.Bench;

/// <summary>The command line: a few options of our own in front of BenchmarkDotNet's.</summary>
/// <param name="IsHelp">Only <see cref="Help"/> is wanted.</param>
/// <param name="IsQuick">A short job, see <see cref="BenchConfig"/>.</param>
/// <param name="Runs">Benchmarks are to run, so that none at all is a failure.</param>
/// <param name="PassedOn">What BenchmarkDotNet is given.</param>
internal sealed record BenchArguments(bool IsHelp, bool IsQuick, bool Runs, string[] PassedOn)
{
    /// <summary>What <c>--help</c> prints.</summary>
    public const string Help =
        """
        Benchmarks of CraftKit.Edge. Run them from a folder on the disk that a data folder would lie on.

          dotnet run -c Release --project CraftKit.Edge.Bench -- OPTIONS
          dotnet run -c Release --project CraftKit.Edge.Bench -- e2e --help     the whole service as a process, beside others

          --list                  names every benchmark; runs nothing
          --filter PATTERN...     runs those whose full names match, such as '*WindowLookBenchmarks*' or '*.Http.*'
          --all                   runs every one of them, 10 million keys included (an hour and more)
          --quick                 three short iterations in this process, nothing over a million keys (ten minutes for all);
                                  alone it runs every benchmark, with --filter those that match
          --help                  this text

        One benchmark:   dotnet run -c Release --project CraftKit.Edge.Bench -- --filter '*AppendBenchmarks.AppendBesideReader*'
        All of them:     dotnet run -c Release --project CraftKit.Edge.Bench -- --all
        A quick set:     dotnet run -c Release --project CraftKit.Edge.Bench -- --quick

        Every other option goes to BenchmarkDotNet as it is, for instance:
          --job short|medium|long, --iterationCount N, --launchCount N, --exporters json, --join, --artifacts DIR,
          --list tree, --info; --help-all prints BenchmarkDotNet's own help.

        Every figure comes with the bytes allocated per operation. Results are left in BenchmarkDotNet.Artifacts of the working folder,
        temporary data folders too while they are in use. Figures of a --quick run, or of a machine that does other work, prove that a
        benchmark runs and give its order of magnitude, no more.
        """;

    /// <summary>Reads the command line.</summary>
    public static BenchArguments Read(string[] args)
    {
        if (args.Length == 0 || args.Intersect(["--help", "-h", "-?"]).Any())
            return new BenchArguments(IsHelp: true, IsQuick: false, Runs: false, []);
        if (args.Contains("--help-all"))
            return new BenchArguments(IsHelp: false, IsQuick: false, Runs: false, ["--help"]);

        var passedOn = args.Where(argument => argument is not ("--quick" or "--all")).ToList();
        var list = passedOn.IndexOf("--list");
        if (list >= 0 && (list + 1 == passedOn.Count || passedOn[list + 1].StartsWith('-')))
            passedOn.Insert(list + 1, "flat");
        var isQuick = args.Contains("--quick");
        var selects = passedOn.Intersect(["--filter", "-f", "--anyCategories", "--allCategories", "--attribute"]).Any();
        if (!selects && (isQuick || args.Contains("--all")))
            passedOn.AddRange(["--filter", "*"]);
        return new BenchArguments(false, isQuick, Runs: list < 0 && passedOn.Contains("--filter"), [.. passedOn]);
    }
}
