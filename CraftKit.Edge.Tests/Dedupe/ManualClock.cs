namespace CraftKit.Edge.Tests.Dedupe;

/// <summary>A clock that stands until it is moved, safe and lock-free to read from many threads.</summary>
internal sealed class ManualClock(long now) : TimeProvider
{
    private long _now = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _now, time.Ticks);
}
