using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using CraftKit.Edge.Bench.EndToEnd;

namespace CraftKit.Edge.Bench;

internal static class BenchProgram
{
    private static int Main(string[] args)
    {
        if (args is ["e2e", .. var options])
            return EndToEndMode.Run(options);
        var arguments = BenchArguments.Read(args);
        if (arguments.IsHelp)
        {
            Console.WriteLine(BenchArguments.Help);
            return 0;
        }

        var summaries = BenchmarkSwitcher.FromAssembly(typeof(BenchProgram).Assembly)
            .Run(arguments.PassedOn, BenchConfig.For(arguments.IsQuick))
            .ToArray();
        return summaries.All(IsWhole) && (summaries.Length > 0 || !arguments.Runs) ? 0 : 1;
    }

    // A benchmark that threw is otherwise only a line among many.
    private static bool IsWhole(Summary summary) =>
        !summary.HasCriticalValidationErrors && summary.Reports.Length == summary.BenchmarksCases.Length && summary.Reports.All(report => report.Success);
}
