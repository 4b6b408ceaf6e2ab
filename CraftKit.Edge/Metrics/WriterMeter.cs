namespace CraftKit.Edge.Metrics;

/// <summary>Counts what the event writer stores. One thread counts, any may read.</summary>
/// <remarks>Reads and writes are volatile so that each look takes the newest value; nothing else hangs on them, and values read one after the other
/// may be a batch apart.</remarks>
internal sealed class WriterMeter
{
    private readonly long[] _commits = new long[LatencyBuckets.Count];
    private long _rows;
    private long _batches;
    private long _commitTicks;

    /// <summary>Events stored.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Transactions that stored them.</summary>
    public long Batches => Volatile.Read(ref _batches);

    /// <summary>Counts a batch that was committed.</summary>
    /// <param name="rows">Events in it, 1 or more.</param>
    /// <param name="commit">How long its commit took.</param>
    public void Count(int rows, TimeSpan commit)
    {
        ref var bucket = ref _commits[LatencyBuckets.All.BucketOf(commit.Ticks)];
        Volatile.Write(ref bucket, bucket + 1);
        Volatile.Write(ref _commitTicks, _commitTicks + commit.Ticks);
        Volatile.Write(ref _rows, _rows + rows);
        Volatile.Write(ref _batches, _batches + 1);
    }

    /// <summary>Reads the durations of the commits.</summary>
    /// <param name="buckets">Gets one count a bucket; <see cref="LatencyBuckets.Count"/> long.</param>
    /// <returns>Their sum in 100 ns.</returns>
    public long Commits(Span<long> buckets)
    {
        for (var i = 0; i < buckets.Length; i++)
            buckets[i] = Volatile.Read(ref _commits[i]);
        return Volatile.Read(ref _commitTicks);
    }
}
