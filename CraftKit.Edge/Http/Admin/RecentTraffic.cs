using CraftKit.Edge.Metrics;
using CraftKit.Edge.Transport;

namespace CraftKit.Edge.Http.Admin;

/// <summary>Events of each of the last seconds, how long the answers of the last minute took, and how long requests had to wait for a socket thread
/// in it: out of counters that only grow, by looking at them once a second.</summary>
/// <param name="events">What became of events.</param>
/// <param name="requests">The requests of the data plane.</param>
/// <param name="route">The route whose durations count.</param>
/// <param name="lag">How long sockets wait for their thread. Its longest since the last look is taken here, and so by nobody else.</param>
internal sealed class RecentTraffic(EventMeter events, RequestMeter requests, int route, ILoopLag lag)
{
    /// <summary>How many seconds are kept.</summary>
    public const int Seconds = 300;

    /// <summary>How many seconds of durations and lags are kept.</summary>
    public const int LatencySeconds = 60;

    private readonly Lock _lock = new();

    // Rings: what belongs to the second n lies at n modulo the length.
    private readonly long[] _recorded = new long[Seconds];
    private readonly long[] _duplicates = new long[Seconds];
    private readonly long[][] _durations = [.. Enumerable.Range(0, LatencySeconds).Select(_ => new long[LatencyBuckets.Count])];
    private readonly TimeSpan[] _lags = new TimeSpan[LatencySeconds];
    private (long Recorded, long Duplicates) _totals = events.Totals();
    private long _second;

    /// <summary>The longest lag of the last minute.</summary>
    public TimeSpan LongestLag
    {
        get
        {
            // One that is under way is longer than any that have ended, when it is.
            var longest = lag.Last;
            lock (_lock)
            {
                foreach (var ended in _lags)
                    longest = ended > longest ? ended : longest;
            }

            return longest;
        }
    }

    /// <summary>Ends a second: what was counted since the last call belongs to it.</summary>
    /// <param name="passed">Seconds since the last call, 1 or more; those before the last of them are empty, for nobody knows what was theirs.</param>
    public void EndSecond(long passed = 1)
    {
        var totals = events.Totals();
        var longest = lag.TakeMax();
        lock (_lock)
        {
            for (var missed = Math.Min(passed - 1, Seconds); missed > 0; missed--)
            {
                _durations[(_second + LatencySeconds - 1) % LatencySeconds].CopyTo(_durations[_second % LatencySeconds], 0);
                End(0, 0, TimeSpan.Zero);
            }

            requests.Durations(route, _durations[_second % LatencySeconds]);
            End(totals.Recorded - _totals.Recorded, totals.Duplicates - _totals.Duplicates, longest);
        }

        _totals = totals;
    }

    /// <summary>Copies the seconds, the oldest first and the last full one last. Those before the first call are empty.</summary>
    /// <param name="recorded">Gets the events recorded, <see cref="Seconds"/> long.</param>
    /// <param name="duplicates">Gets the duplicates likewise.</param>
    public void CopyTo(Span<long> recorded, Span<long> duplicates)
    {
        lock (_lock)
        {
            for (var i = 0; i < Seconds; i++)
            {
                var at = (int)((_second + i) % Seconds);
                (recorded[i], duplicates[i]) = (_recorded[at], _duplicates[at]);
            }
        }
    }

    /// <summary>Reads the durations of the last minute, and of the second under way.</summary>
    /// <param name="buckets">Gets one count a bucket of <see cref="LatencyBuckets"/>.</param>
    /// <returns>How many there are.</returns>
    public long Durations(Span<long> buckets)
    {
        requests.Durations(route, buckets);
        var count = 0L;
        lock (_lock)
        {
            // The next to be written over: the state of a minute ago, or all zero within the first minute.
            var before = _durations[_second % LatencySeconds];
            for (var i = 0; i < buckets.Length; i++)
                count += buckets[i] -= before[i];
        }

        return count;
    }

    private void End(long recorded, long duplicates, TimeSpan longest)
    {
        _lags[_second % LatencySeconds] = longest;
        var at = (int)(_second % Seconds);
        (_recorded[at], _duplicates[at]) = (recorded, duplicates);
        _second++;
    }
}
