using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Bench.Dedupe;

/// <summary>What one request pays for the window once its key is known or new: hash and look, on one thread, keys at random over all that are
/// live. Warm: code, and of the tables what the caches hold (1,000 keys all of it, 10 million next to nothing).</summary>
public unsafe class WindowLookBenchmarks
{
    private readonly ConcurrentDictionary<(ulong Shard, ulong Fingerprint), long> _dictionary = new();
    private DedupeWindow _window = null!;
    private RandomNumbers _random = new(1);
    private Slot* _perfect;
    private ulong _perfectCapacity;

    [Params(1_000, 1_000_000, 10_000_000)]
    public int LiveKeys { get; set; }

    [Params(ClockKind.Given, ClockKind.Boot)]
    public ClockKind Clock { get; set; }

    [GlobalSetup]
    public void Fill() => _window = FilledWindow.Of(Clock == ClockKind.Given ? new GivenClock() : new BootTimeProvider(), LiveKeys);

    [GlobalSetup(Target = nameof(ConcurrentDictionaryHit))]
    public void FillDictionary()
    {
        for (var number = 0; number < LiveKeys; number++)
            _dictionary[Pair(number)] = number;
    }

    [GlobalSetup(Target = nameof(PerfectProbe))]
    public void FillPerfectTable()
    {
        // The window's own density after a growth.
        _perfectCapacity = (ulong)LiveKeys * 5 / 3;
        _perfect = (Slot*)NativeMemory.AllocZeroed((nuint)_perfectCapacity, (nuint)sizeof(Slot));
        for (var slot = 0UL; slot < _perfectCapacity; slot++)
            _perfect[slot] = new Slot { Fingerprint = ulong.MaxValue, Time = 1 };
    }

    [GlobalCleanup(Target = nameof(PerfectProbe))]
    public void FreePerfectTable() => NativeMemory.Free(_perfect);

    /// <summary>A duplicate: the look finds a live claim.</summary>
    [Benchmark(Baseline = true)]
    public bool Hit() => _window.TryFindLive(FilledWindow.Key(_random.Next(LiveKeys)), out _);

    /// <summary>A new event: the look finds nothing.</summary>
    [Benchmark]
    public bool Miss() => _window.TryFindLive(FilledWindow.Key(int.MaxValue + (long)_random.Next(LiveKeys)), out _);

    /// <summary>The claim that loses: one that another request made in between.</summary>
    [Benchmark]
    public bool ClaimOfLiveKey() => _window.Claim(FilledWindow.Key(_random.Next(LiveKeys)), out _) == ClaimStatus.Duplicate;

    /// <summary>For comparison: the least that a table in memory can cost. The same hash, then one slot, the right one, in one table as large as the
    /// window's all are: no shard, no probe, no clock, no claim.</summary>
    [Benchmark]
    public bool PerfectProbe()
    {
        var key = FilledWindow.Key(_random.Next(LiveKeys));
        ref var slot = ref _perfect[Math.BigMul(key.Fingerprint, _perfectCapacity, out _)];
        return slot.Fingerprint >= key.Fingerprint && slot.Time > 0;
    }

    /// <summary>For comparison: what a look into a ConcurrentDictionary of the same keys costs, which forgets nothing and knows no time.</summary>
    [Benchmark]
    public bool ConcurrentDictionaryHit() => _dictionary.TryGetValue(Pair(_random.Next(LiveKeys)), out _);

    private static (ulong, ulong) Pair(int number)
    {
        var key = FilledWindow.Key(number);
        return (key.Shard, key.Fingerprint);
    }
}
