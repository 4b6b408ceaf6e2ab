using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Metrics;

/// <summary>Counts the requests of one plane by route and status, and their durations by route.</summary>
/// <remarks>A request costs two looks at the clock and three increments in the calling thread's own cells (<see cref="ThreadCells"/>).</remarks>
internal sealed class RequestMeter
{
    /// <summary>The route of what the server itself refuses before it is a request: it breaks HTTP, or a limit.</summary>
    public const string Refused = "refused";

    // A route's cells: one a status, the sum of the durations in 100 ns, one a bucket.
    private const int SumAt = HttpStatus.Count, BucketsAt = SumAt + 1, PerRoute = BucketsAt + LatencyBuckets.Count;

    private readonly TimeProvider _time;
    private readonly double _ticksPerUnit;
    private readonly LatencyBuckets _buckets = LatencyBuckets.All;
    private readonly string[] _routes;
    private readonly ThreadCells _cells;

    /// <param name="routes">What the routes are called, by their numbers from 0; <see cref="Refused"/> is added as the last.</param>
    /// <param name="time">The clock of the durations.</param>
    public RequestMeter(IEnumerable<string> routes, TimeProvider time)
    {
        _time = time;
        _ticksPerUnit = TimeSpan.TicksPerSecond / (double)time.TimestampFrequency;
        _routes = [.. routes, Refused];
        _cells = new ThreadCells(_routes.Length * PerRoute);
    }

    /// <summary>What the routes are called.</summary>
    public IReadOnlyList<string> Routes => _routes;

    /// <summary>The time to begin a request with.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>Counts a request that has been answered.</summary>
    /// <param name="route">Its route's number.</param>
    /// <param name="status">The status of its answer.</param>
    /// <param name="startedAt">What <see cref="Now"/> was at its beginning.</param>
    public void Count(int route, int status, long startedAt)
    {
        var duration = (long)((_time.GetTimestamp() - startedAt) * _ticksPerUnit);
        var cells = _cells.Mine.Slice(route * PerRoute, PerRoute);
        cells[HttpStatus.SlotOf(status)]++;
        cells[SumAt] += duration;
        cells[BucketsAt + _buckets.BucketOf(duration)]++;
    }

    /// <summary>Counts what the server refused before it was a request, and so had no duration.</summary>
    public void CountRefused(int status) => _cells.Mine[((_routes.Length - 1) * PerRoute) + HttpStatus.SlotOf(status)]++;

    /// <summary>Requests of a route with a status.</summary>
    public long Requests(int route, int statusSlot) => _cells.Sum((route * PerRoute) + statusSlot);

    /// <summary>Reads a route's durations.</summary>
    /// <param name="route">Its number.</param>
    /// <param name="buckets">Gets one count a bucket; <see cref="LatencyBuckets.Count"/> long.</param>
    /// <returns>Their sum in 100 ns.</returns>
    public long Durations(int route, Span<long> buckets)
    {
        _cells.Sum((route * PerRoute) + BucketsAt, buckets);
        return _cells.Sum((route * PerRoute) + SumAt);
    }
}
