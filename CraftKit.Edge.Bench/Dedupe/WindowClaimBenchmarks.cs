using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Dedupe;

namespace CraftKit.Edge.Bench.Dedupe;

/// <summary>Claims of new keys, replacement of tables included. Time is given and moves on with every claim so that
/// <see cref="LiveKeys"/> are live at any moment while older ones expire. Warm: the window has turned over twice.</summary>
public class WindowClaimBenchmarks
{
    private readonly GivenClock _clock = new();
    private DedupeWindow _window = null!;
    private long _number;
    private long _step;

    [Params(1_000, 1_000_000, 10_000_000)]
    public int LiveKeys { get; set; }

    [GlobalSetup]
    public void TurnOver()
    {
        _window = FilledWindow.Empty(_clock);
        _step = DedupeWindow.MaxWindow.Ticks / LiveKeys;
        while (_number < 2L * LiveKeys)
            ClaimOfNewKey();
    }

    /// <summary>A claim that is recorded. The bytes allocated are this key's part of the tables that were replaced.</summary>
    [Benchmark]
    public bool ClaimOfNewKey()
    {
        _clock.Timestamp += _step;
        return _window.Claim(FilledWindow.Key(_number++), out _) == ClaimStatus.Recorded;
    }
}
