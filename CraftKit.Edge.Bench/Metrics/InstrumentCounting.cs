using System.Diagnostics.Metrics;
using CraftKit.Edge.Metrics;

namespace CraftKit.Edge.Bench.Metrics;

/// <summary>The platform's instruments, with a listener that does no more than it must to have the same numbers: it finds a series by its tags'
/// first value, and adds atomically.</summary>
internal sealed class InstrumentCounting : ICounting, IDisposable
{
    private readonly Meter _meter = new("bench");
    private readonly Counter<long> _requests, _events;
    private readonly Histogram<long> _durations;
    private readonly MeterListener _listener = new();
    private readonly long[] _buckets = new long[LatencyBuckets.Count + 1];
    private long _requestsOfRoute, _eventsOfType;

    public InstrumentCounting()
    {
        _requests = _meter.CreateCounter<long>("requests");
        _events = _meter.CreateCounter<long>("events");
        _durations = _meter.CreateHistogram<long>("durations");
        _listener.SetMeasurementEventCallback<long>(OnMeasured);
        foreach (var instrument in (Instrument[])[_requests, _events, _durations])
            _listener.EnableMeasurementEvents(instrument, this);
        _listener.Start();
    }

    public void Count(long ticks)
    {
        _events.Add(1, new KeyValuePair<string, object?>("type", "viewed"));
        _requests.Add(1, new KeyValuePair<string, object?>("route", "events"), new KeyValuePair<string, object?>("status", "200"));
        _durations.Record(ticks, new KeyValuePair<string, object?>("route", "events"));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    private static void OnMeasured(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var self = (InstrumentCounting)state!;
        if (instrument == self._events && ReferenceEquals(tags[0].Value, "viewed"))
        {
            Interlocked.Increment(ref self._eventsOfType);
        }
        else if (instrument == self._requests && ReferenceEquals(tags[0].Value, "events") && ReferenceEquals(tags[1].Value, "200"))
        {
            Interlocked.Increment(ref self._requestsOfRoute);
        }
        else if (instrument == self._durations && ReferenceEquals(tags[0].Value, "events"))
        {
            Interlocked.Increment(ref self._buckets[LatencyBuckets.All.BucketOf(value)]);
            Interlocked.Add(ref self._buckets[^1], value);
        }
    }
}
