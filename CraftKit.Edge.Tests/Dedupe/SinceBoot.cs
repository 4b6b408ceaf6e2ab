namespace CraftKit.Edge.Tests.Dedupe;

/// <summary>A clock whose timestamps count from a moment that a test calls the boot, so that what came before is negative.</summary>
internal sealed class SinceBoot(TimeProvider clock, DateTimeOffset boot) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (clock.GetUtcNow() - boot).Ticks;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
}
