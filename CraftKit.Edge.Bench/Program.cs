using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using CraftKit.Edge.Bench.EndToEnd;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.Report;
using CraftKit.Edge.Bench.Statistics;

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

        // A quick run measures nothing that should stand on a page.
        if (!arguments.IsQuick)
        {
            foreach (var report in summaries.SelectMany(summary => summary.Reports).Where(report => report is { Success: true, ResultStatistics: not null }))
                ResultFile.Write(ResultOf(report));
        }

        return summaries.All(IsWhole) && (summaries.Length > 0 || !arguments.Runs) ? 0 : 1;
    }

    private static MicroResult ResultOf(BenchmarkReport report)
    {
        var benchmark = report.BenchmarkCase;
        var parameters = string.Join(", ", benchmark.Parameters.Items.Select(parameter => $"{parameter.Name}={parameter.Value}"));
        var statistics = report.ResultStatistics!;
        return new MicroResult(
            $"{benchmark.Descriptor.Type.Name}.{benchmark.Descriptor.WorkloadMethod.Name}" + (parameters.Length > 0 ? $"({parameters})" : ""),
            new Spread(statistics.Median, statistics.Q1, statistics.Q3, statistics.N),
            report.GcStats.GetBytesAllocatedPerOperation(benchmark) ?? 0,
            DateTime.UtcNow);
    }

    // A benchmark that threw is otherwise only a line among many.
    private static bool IsWhole(Summary summary) =>
        !summary.HasCriticalValidationErrors && summary.Reports.Length == summary.BenchmarksCases.Length && summary.Reports.All(report => report.Success);
}
