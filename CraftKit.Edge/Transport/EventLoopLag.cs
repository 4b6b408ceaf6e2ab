using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Transport;

/// <summary>The lag of event loops, out of the length of their rounds.</summary>
internal sealed class EventLoopLag : ILoopLag
{
    /// <summary>A lag that is worth a warning.</summary>
    public static readonly TimeSpan Threshold = TimeSpan.FromMilliseconds(100);

    /// <summary>At most one warning in this time.</summary>
    public static readonly TimeSpan WarningPause = TimeSpan.FromSeconds(30);

    // A round that ends tells of itself. This look is for one that does not, so it need not come often.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly TurnClock[] _clocks;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private long _warnedAt;

    /// <param name="loops">How many loops there are.</param>
    /// <param name="time">The clock of the pause between warnings.</param>
    /// <param name="logger">Where warnings go.</param>
    public EventLoopLag(int loops, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _clocks = new TurnClock[loops];
        for (var i = 0; i < loops; i++)
            _clocks[i] = new TurnClock(Threshold, Warn);
        _timer = time.CreateTimer(static self => ((EventLoopLag)self!).Look(), this, Period, Period);
    }

    public TimeSpan Last => _clocks.Max(static clock => clock.Last);

    public TimeSpan TakeMax() => _clocks.Max(static clock => clock.TakeLongest());

    /// <summary>The clock of a loop.</summary>
    public TurnClock ClockOf(int loop) => _clocks[loop];

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var last = Last;
        if (last >= Threshold)
            Warn(last);
    }

    private void Warn(TimeSpan lag)
    {
        // Of those who find a warning due at once, the compare-and-swap lets one write it. A clock that stands at 0 warns once more.
        var now = _time.GetTimestamp();
        var warnedAt = Interlocked.Read(ref _warnedAt);
        if ((warnedAt == 0 || _time.GetElapsedTime(warnedAt, now) >= WarningPause)
            && Interlocked.CompareExchange(ref _warnedAt, now, warnedAt) == warnedAt)
        {
            _logger.LogWarning("An event loop comes round only after {Lag} ms: all requests wait that long; it is overloaded or was blocked", (long)lag.TotalMilliseconds);
        }
    }
}
