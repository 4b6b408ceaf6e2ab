using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Dedupe;

namespace CraftKit.Edge.Bench.Dedupe;

/// <summary>Two threads in one window. Figures are elapsed time per operation of either thread: half of one thread's figure where they do not
/// hinder each other. Time is given; warm as for one thread.</summary>
public class WindowContentionBenchmarks
{
    private const int OperationsOfEach = 1 << 16;

    private readonly GivenClock _clock = new();
    private DedupeWindow _window = null!;
    private TwoThreads _threads = null!;
    private long _number;
    private long _step;

    [Params(1_000, 1_000_000, 10_000_000)]
    public int LiveKeys { get; set; }

    [GlobalSetup(Target = nameof(Hit))]
    public void PrepareHits()
    {
        _window = FilledWindow.Of(_clock, LiveKeys);
        _threads = new TwoThreads(Look);
    }

    [GlobalSetup(Target = nameof(SameNewKey))]
    public void PrepareRace()
    {
        _window = FilledWindow.Empty(_clock);
        _step = DedupeWindow.MaxWindow.Ticks / LiveKeys;
        for (; _number < 2L * LiveKeys; _number++)
        {
            _clock.Timestamp += _step;
            _window.Claim(FilledWindow.Key(_number), out _);
        }

        _threads = new TwoThreads(Race);
    }

    [GlobalCleanup]
    public void End() => _threads.Dispose();

    /// <summary>Both look for live keys at random.</summary>
    [Benchmark(OperationsPerInvoke = 2 * OperationsOfEach)]
    public void Hit() => _threads.Run();

    /// <summary>Both claim the same new keys in the same order, the worst that can happen: one of the two wins each, and tables are replaced
    /// under both.</summary>
    [Benchmark(OperationsPerInvoke = 2 * OperationsOfEach)]
    public void SameNewKey()
    {
        _threads.Run();
        _number += OperationsOfEach;
    }

    private void Look(int thread)
    {
        var random = new RandomNumbers((ulong)thread);
        for (var i = 0; i < OperationsOfEach; i++)
            _window.TryFindLive(FilledWindow.Key(random.Next(LiveKeys)), out _);
    }

    private void Race(int thread)
    {
        for (var i = 0; i < OperationsOfEach; i++)
        {
            if (thread == 0)
                _clock.Timestamp += _step;
            _window.Claim(FilledWindow.Key(_number + i), out _);
        }
    }
}
