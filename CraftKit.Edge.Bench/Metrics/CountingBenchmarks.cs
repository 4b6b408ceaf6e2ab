using BenchmarkDotNet.Attributes;

namespace CraftKit.Edge.Bench.Metrics;

/// <summary>What counting costs a request, all of it: the request by route and status, its duration in a histogram, the event by type. Time is
/// given, except where the name says otherwise; warm: everything. Beside the service's own cells stands what else could be taken: the
/// platform's instruments with the least of listeners, counters that all threads share, and stripes that are picked by processor.</summary>
public class CountingBenchmarks
{
    private const int OperationsOfEach = 1 << 16;

    private readonly CellCounting _cells = new(new GivenClock());
    private readonly CellCounting _cellsAndClock = new(new Platform.BootTimeProvider());
    private readonly Platform.BootTimeProvider _clock = new();
    private readonly InstrumentCounting _instruments = new();
    private readonly SharedCounting _shared = new(stripes: 1);
    private readonly SharedCounting _striped = new(Environment.ProcessorCount);
    private TwoThreads _threads = null!;
    private ICounting _counting = null!;
    private long _ticks;

    [GlobalSetup(Targets = [nameof(Cells), nameof(Clocks), nameof(CellsAndClocks), nameof(Instruments), nameof(Shared), nameof(Striped)])]
    public void Prepare() => _counting = _cells;

    [GlobalSetup(Target = nameof(CellsOnTwoThreads))]
    public void PrepareCells() => Prepare(_cells);

    [GlobalSetup(Target = nameof(InstrumentsOnTwoThreads))]
    public void PrepareInstruments() => Prepare(_instruments);

    [GlobalSetup(Target = nameof(SharedOnTwoThreads))]
    public void PrepareShared() => Prepare(_shared);

    [GlobalSetup(Target = nameof(StripedOnTwoThreads))]
    public void PrepareStriped() => Prepare(_striped);

    [GlobalCleanup]
    public void End()
    {
        _threads?.Dispose();
        _instruments.Dispose();
    }

    /// <summary>The service's: cells of the thread's own.</summary>
    [Benchmark(Baseline = true)]
    public void Cells() => _cells.Count(Next());

    /// <summary>Two looks at the service's clock and nothing else.</summary>
    [Benchmark]
    public long Clocks() => _clock.GetTimestamp() - _clock.GetTimestamp();

    /// <summary>The service's, with its two looks at the clock.</summary>
    [Benchmark]
    public void CellsAndClocks() => _cellsAndClock.CountNow();

    /// <summary>System.Diagnostics.Metrics.</summary>
    [Benchmark]
    public void Instruments() => _instruments.Count(Next());

    /// <summary>Atomic increments of counters that all threads share.</summary>
    [Benchmark]
    public void Shared() => _shared.Count(Next());

    /// <summary>Atomic increments of the processor's counters.</summary>
    [Benchmark]
    public void Striped() => _striped.Count(Next());

    [Benchmark(OperationsPerInvoke = 2 * OperationsOfEach)]
    public void CellsOnTwoThreads() => _threads.Run();

    [Benchmark(OperationsPerInvoke = 2 * OperationsOfEach)]
    public void InstrumentsOnTwoThreads() => _threads.Run();

    [Benchmark(OperationsPerInvoke = 2 * OperationsOfEach)]
    public void SharedOnTwoThreads() => _threads.Run();

    [Benchmark(OperationsPerInvoke = 2 * OperationsOfEach)]
    public void StripedOnTwoThreads() => _threads.Run();

    private void Prepare(ICounting counting)
    {
        _counting = counting;
        _threads = new TwoThreads(Work);
    }

    private void Work(int thread)
    {
        for (var i = 0; i < OperationsOfEach; i++)
            _counting.Count(100 + (i & 255));
    }

    // Durations of 10 to 35 µs, so that neighbouring buckets take turns.
    private long Next() => 100 + (_ticks++ & 255);
}
