using BenchmarkDotNet.Attributes;

namespace CraftKit.Edge.Bench.Dedupe;

/// <summary>The first minutes of a busy day: a window that grows from nothing to a million live keys, every growth included. Nothing but the
/// code is warm; figures are per key.</summary>
public class WindowGrowthBenchmarks
{
    private const int Keys = 1_000_000;

    private readonly GivenClock _clock = new();

    /// <summary>From an empty window to a million keys.</summary>
    [Benchmark(OperationsPerInvoke = Keys)]
    public long Grow() => FilledWindow.Of(_clock, Keys).Count;

    /// <summary>For comparison: the hashes alone.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Keys)]
    public ulong HashAlone()
    {
        var all = 0UL;
        for (var number = 0; number < Keys; number++)
            all ^= FilledWindow.Key(number).Fingerprint;
        return all;
    }
}
