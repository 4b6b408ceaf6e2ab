using CraftKit.Edge.Dedupe;
using Xunit;

namespace CraftKit.Edge.Tests.Dedupe;

/// <summary>Many threads on few keys, while keys expire, tables are sealed, grow and are swept, and the clock runs.</summary>
public sealed class StressTests(ITestOutputHelper output)
{
    private const int Threads = 6, HotKeys = 5;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    private readonly ManualClock _clock = new(TimeSpan.FromHours(1).Ticks);
    private volatile bool _stop;

    [Fact]
    public async Task Each_key_is_recorded_once_a_window_and_no_duplicate_is_told_without_a_live_claim()
    {
        var window = new DedupeWindow(_clock, Window, 1_000_000, new WindowShape(Number: 2, MinimumCapacity: 2, Patience: 3));
        var claimers = Enumerable.Range(0, Threads).Select(seed => Run(() => Claim(window, seed))).ToArray();
        var ticker = Run(Tick);
        var sweeper = Run(() => Sweep(window));
        await Task.Delay(Duration);
        _stop = true;
        await Task.WhenAll(ticker, sweeper);
        var told = (await Task.WhenAll(claimers)).SelectMany(list => list).ToArray();

        var recorded = told.Where(one => one.IsRecorded).ToLookup(one => one.Key, one => one.ClaimedAt);
        output.WriteLine($"{told.Length:N0} told, {recorded.Sum(key => key.Count()):N0} recorded, {window.Rebuilds:N0} tables replaced");
        Assert.True(window.Rebuilds > 100, "too few tables were replaced for this to say anything");
        for (var key = 0; key < HotKeys; key++)
        {
            var times = recorded[key].Order().ToArray();
            Assert.True(times.Length > 10, "the key hardly ever expired");
            for (var i = 1; i < times.Length; i++)
                Assert.True(times[i] - times[i - 1] >= Window.Ticks, $"key {key} was recorded at {times[i - 1]} and at {times[i]}, less than a window later");
        }
        var known = recorded.ToDictionary(key => key.Key, key => key.ToHashSet());
        foreach (var one in told.Where(one => !one.IsRecorded))
        {
            Assert.True(known[one.Key].Contains(one.ClaimedAt), $"key {one.Key}: a duplicate of a claim at {one.ClaimedAt}, which nobody made");
            Assert.True(one.ClaimedAt > one.Before - Window.Ticks, $"key {one.Key}: a duplicate of a claim at {one.ClaimedAt}, which had expired at {one.Before}");
        }
    }

    private static Task<T> Run<T>(Func<T> work) => Task.Factory.StartNew(work, TaskCreationOptions.LongRunning);

    private List<Told> Claim(DedupeWindow window, int seed)
    {
        var random = new Random(seed);
        var told = new List<Told>();
        for (var fresh = (seed + 1L) * 1_000_000_000; !_stop; fresh++)
        {
            // A new key now and then, so that tables fill up and are replaced under the hot ones.
            if (random.Next(4) == 0)
                window.Claim(Keys.Number(fresh), out _);
            var key = random.Next(HotKeys);
            var before = _clock.GetTimestamp();
            if (random.Next(3) == 0)
            {
                if (window.TryFindLive(Keys.Number(key), out var found))
                    told.Add(new Told(key, IsRecorded: false, found, before));
                continue;
            }
            var status = window.Claim(Keys.Number(key), out var claimedAt);
            told.Add(new Told(key, status == ClaimStatus.Recorded, claimedAt, before));
        }
        return told;
    }

    private int Tick()
    {
        var ticks = 0;
        for (var random = new Random(7); !_stop; ticks++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(1, 100)));
            Thread.SpinWait(random.Next(2_000));
        }
        return ticks;
    }

    private int Sweep(DedupeWindow window)
    {
        var sweeps = 0;
        for (; !_stop; sweeps++)
        {
            window.Sweep();
            Thread.Yield();
        }
        return sweeps;
    }

    private readonly record struct Told(int Key, bool IsRecorded, long ClaimedAt, long Before);
}
