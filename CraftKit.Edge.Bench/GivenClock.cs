namespace CraftKit.Edge.Bench;

/// <summary>A clock that stands until it is set, and costs nothing to read.</summary>
internal sealed class GivenClock : TimeProvider
{
    private long _timestamp;

    /// <summary>What the clock shows, 100 ns.</summary>
    /// <remarks>Whole words without order are enough: the benchmarks that let other threads read it need no more of it than that it
    /// moves on.</remarks>
    public long Timestamp
    {
        get => Volatile.Read(ref _timestamp);
        set => Volatile.Write(ref _timestamp, value);
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Timestamp;
}
