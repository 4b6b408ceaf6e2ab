using System.Diagnostics;

namespace CraftKit.Edge.Transport;

/// <summary>Times the rounds of an event loop. What comes to a socket during one waits at most until its end, so the length of a round is
/// what requests may have to wait.</summary>
internal sealed class TurnClock
{
    private readonly Action<TimeSpan> _late;
    private readonly long _lateTicks;

    // In units of Stopwatch. The loop alone writes the first two; whole writes of 64 bits, on which nothing else hangs.
    private long _began;
    private long _last;
    private long _longest;

    /// <param name="threshold">What counts as late.</param>
    /// <param name="late">Called at the end of a round that took so long, on the loop's thread.</param>
    public TurnClock(TimeSpan threshold, Action<TimeSpan> late)
    {
        _late = late;
        _lateTicks = (long)(threshold.TotalSeconds * Stopwatch.Frequency);
    }

    /// <summary>The length of the last round, or of the one that is going on if that is longer already.</summary>
    public TimeSpan Last => Stopwatch.GetElapsedTime(0, Math.Max(Interlocked.Read(ref _last), Current));

    private long Current => Interlocked.Read(ref _began) is var began && began != 0 ? Stopwatch.GetTimestamp() - began : 0;

    /// <summary>The longest round since this was asked last, the one that is going on included.</summary>
    /// <remarks>The exchange lets a round that ends meanwhile be in this answer or the next, never lost.</remarks>
    public TimeSpan TakeLongest() => Stopwatch.GetElapsedTime(0, Math.Max(Interlocked.Exchange(ref _longest, 0), Current));

    /// <summary>A round begins. The loop's.</summary>
    public void BeginTurn() => Interlocked.Exchange(ref _began, Stopwatch.GetTimestamp());

    /// <summary>The round has ended. The loop's.</summary>
    public void EndTurn()
    {
        var length = Stopwatch.GetTimestamp() - _began;
        Volatile.Write(ref _began, 0);
        Volatile.Write(ref _last, length);

        // Only a reader writes it too, and only 0: then this round stays, as the first after it.
        if (length > Volatile.Read(ref _longest))
            Interlocked.Exchange(ref _longest, length);
        if (length >= _lateTicks)
            _late(Stopwatch.GetElapsedTime(0, length));
    }
}
