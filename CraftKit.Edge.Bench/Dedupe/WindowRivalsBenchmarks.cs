using System.Collections.Concurrent;
using BenchmarkDotNet.Attributes;
using BitFaster.Caching.Lru;
using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Platform;
using Microsoft.Extensions.Caching.Memory;

namespace CraftKit.Edge.Bench.Dedupe;

/// <summary>The window beside what one would otherwise take for it: two threads fill each from nothing to ten million new keys, growth included, half
/// of them each. Figures are elapsed time per key of either thread. Nothing but the code is warm. None of the others keeps what the window promises:
/// the dictionary never shrinks, the caches may forget a live key.</summary>
[InvocationCount(1, 1)]
[MinWarmupCount(1)]
[MaxWarmupCount(2)]
[MinIterationCount(3)]
[MaxIterationCount(5)]
public class WindowRivalsBenchmarks : IDisposable
{
    private const int Number = 10_000_000;

    private static readonly TimeSpan Time = TimeSpan.FromMinutes(5);

    private readonly TwoThreads _threads;
    private Func<DedupeKey, bool> _claim = null!;

    public WindowRivalsBenchmarks() => _threads = new TwoThreads(ClaimHalf);

    [Params(Number)]
    public int Keys { get; set; }

    /// <summary>The window.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Number)]
    public void Window()
    {
        var window = FilledWindow.Empty(new BootTimeProvider());
        Fill(key => window.Claim(key, out _) == ClaimStatus.Recorded);
    }

    /// <summary>A dictionary from key to the time of its claim. Expired keys would still have to be found and removed.</summary>
    [Benchmark(OperationsPerInvoke = Number)]
    public void DictionaryWithExpiry()
    {
        var dictionary = new ConcurrentDictionary<(ulong, ulong), long>();
        Fill(claimed =>
        {
            var key = Pair(claimed);
            var now = TimeProvider.System.GetTimestamp();
            while (!dictionary.TryAdd(key, now))
            {
                if (!dictionary.TryGetValue(key, out var before))
                    continue;
                if (TimeProvider.System.GetElapsedTime(before, now) < Time)
                    return false;
                if (dictionary.TryUpdate(key, now, before))
                    return true;
            }

            return true;
        });
    }

    /// <summary>Microsoft.Extensions.Caching.Memory. Between its look and its set two threads may both record a key.</summary>
    [Benchmark(OperationsPerInvoke = Number)]
    public void MemoryCache()
    {
        using var cache = new MemoryCache(new MemoryCacheOptions());
        Fill(claimed =>
        {
            var key = Pair(claimed);
            if (cache.TryGetValue(key, out _))
                return false;
            cache.Set(key, true, Time);
            return true;
        });
    }

    /// <summary>BitFaster.Caching's ConcurrentTLru, with room for all.</summary>
    [Benchmark(OperationsPerInvoke = Number)]
    public void ConcurrentTLru()
    {
        var cache = new ConcurrentTLru<(ulong, ulong), bool>(Environment.ProcessorCount, Number, EqualityComparer<(ulong, ulong)>.Default, Time);
        Fill(claimed =>
        {
            var isNew = false;
            cache.GetOrAdd(Pair(claimed), _ => isNew = true);
            return isNew;
        });
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _threads.Dispose();
        GC.SuppressFinalize(this);
    }

    private static (ulong, ulong) Pair(in DedupeKey key) => (key.Shard, key.Fingerprint);

    private void Fill(Func<DedupeKey, bool> claim)
    {
        _claim = claim;
        _threads.Run();
    }

    private void ClaimHalf(int thread)
    {
        for (var number = thread; number < Number; number += 2)
        {
            if (!_claim(FilledWindow.Key(number)))
                throw new InvalidOperationException("A key that nobody had claimed was taken for claimed.");
        }
    }
}
