using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.EndToEnd.Scenarios;
using CraftKit.Edge.Bench.EndToEnd.Servers;
using CraftKit.Edge.Bench.Report;

namespace CraftKit.Edge.Bench.EndToEnd;

/// <summary><c>e2e</c>: the service as a process beside others.</summary>
internal static class EndToEndMode
{
    /// <summary>Runs it.</summary>
    /// <param name="args">The command line after <c>e2e</c>.</param>
    /// <returns>The exit code.</returns>
    public static int Run(ReadOnlySpan<string> args)
    {
        try
        {
            var arguments = EndToEndArguments.Read(args);
            if (arguments.IsHelp)
                Console.WriteLine(EndToEndArguments.Help);
            else if (arguments.IsList)
                AllScenarios.List.ToList().ForEach(scenario => Console.WriteLine($"{scenario.Name,-20}{scenario.About}"));
            else
                return Measure(arguments) ? 0 : 1;
            return 0;
        }
        catch (FormatException fault)
        {
            Console.Error.WriteLine(fault.Message);
            return 2;
        }
        catch (InvalidOperationException fault)
        {
            Console.Error.WriteLine(fault.Message);
            return 1;
        }
    }

    private static bool Measure(EndToEndArguments arguments)
    {
        var isRight = arguments.Scenarios.Count == 0 || RunScenarios(arguments);
        if (arguments.IsWrite)
        {
            var results = ResultFile.ReadAll();
            var page = Path.Combine(Repository.Root, "docs", "BENCHMARKS.md");
            File.WriteAllText(page, BenchmarkPage.Markdown(results, EarlierPage.Read(page)));
            if (BenchmarkPage.IsDrawnFrom(results))
                File.WriteAllText(Path.Combine(Repository.Root, "docs", "benchmarks.svg"), BenchmarkPage.Chart(results));
        }

        return isRight;
    }

    private static bool RunScenarios(EndToEndArguments arguments)
    {
        if (!OperatingSystem.IsLinux())
            throw new InvalidOperationException("The end-to-end mode reads /proc: it runs on Linux alone.");
        var programs = PublishedPrograms.Make(arguments.Binary, arguments.Reuse);
        var isRight = true;
        foreach (var scenario in arguments.Scenarios)
        {
            using var bench = new Workbench(arguments, programs);
            Console.WriteLine($"{scenario.Name}: {scenario.About}");
            var result = scenario.Run(bench);
            Console.WriteLine(ResultTable.Of(result));

            // A quick run measures nothing that should stand on a page.
            if (!arguments.IsQuick)
                ResultFile.Write(result);
            isRight &= result.IsRight();
        }

        return isRight;
    }
}
