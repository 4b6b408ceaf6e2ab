using System.Collections.Concurrent;
using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Bench.Dedupe;

/// <summary>What one request pays for the window once its key is known or new: hash and look, on one thread, keys at random over all that are
/// live. Warm: code, and of the tables what the caches hold (1,000 keys all of it, 10 million next to nothing).</summary>
public class WindowLookBenchmarks
{
    private readonly ConcurrentDictionary<(ulong Shard, ulong Fingerprint), long> _dictionary = new();
    private DedupeWindow _window = null!;
    private RandomNumbers _random = new(1);

    [Params(1_000, 1_000_000, 10_000_000)]
    public int LiveKeys { get; set; }

    [Params(ClockKind.Given, ClockKind.Boot)]
    public ClockKind Clock { get; set; }

    [GlobalSetup]
    public void Fill() => _window = Windows.Filled(Clock == ClockKind.Given ? new GivenClock() : new BootTimeProvider(), LiveKeys);

    [GlobalSetup(Target = nameof(ConcurrentDictionaryHit))]
    public void FillDictionary()
    {
        for (var number = 0; number < LiveKeys; number++)
            _dictionary[Pair(number)] = number;
    }

    /// <summary>A duplicate: the look finds a live claim.</summary>
    [Benchmark(Baseline = true)]
    public bool Hit() => _window.TryFindLive(Windows.Key(_random.Next(LiveKeys)), out _);

    /// <summary>A new event: the look finds nothing.</summary>
    [Benchmark]
    public bool Miss() => _window.TryFindLive(Windows.Key(int.MaxValue + (long)_random.Next(LiveKeys)), out _);

    /// <summary>The claim that loses: one that another request made in between.</summary>
    [Benchmark]
    public bool ClaimOfLiveKey() => _window.Claim(Windows.Key(_random.Next(LiveKeys)), out _) == ClaimStatus.Duplicate;

    /// <summary>For comparison: what a look into a ConcurrentDictionary of the same keys costs, which forgets nothing and knows no time.</summary>
    [Benchmark]
    public bool ConcurrentDictionaryHit() => _dictionary.TryGetValue(Pair(_random.Next(LiveKeys)), out _);

    private static (ulong, ulong) Pair(int number)
    {
        var key = Windows.Key(number);
        return (key.Shard, key.Fingerprint);
    }
}
