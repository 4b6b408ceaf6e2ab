using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace CraftKit.Edge.Bench;

/// <summary>How benchmarks are run: all of them with the memory diagnoser.</summary>
internal static class BenchConfig
{
    private const int LargestInQuickSet = 1_000_000;

    /// <summary>The configuration.</summary>
    /// <param name="quick">A short job in this very process, which spares the build of another, and no case with a parameter above a
    /// million. The full set runs each case in a process of its own.</param>
    public static IConfig For(bool quick)
    {
        var config = ManualConfig.Create(DefaultConfig.Instance).AddDiagnoser(MemoryDiagnoser.Default);
        return quick
            ? config.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithId("Quick")).AddFilter(new SimpleFilter(IsSmall))
            : config;
    }

    private static bool IsSmall(BenchmarkCase benchmark) => !benchmark.Parameters.Items.Any(parameter => parameter.Value is > LargestInQuickSet);
}
