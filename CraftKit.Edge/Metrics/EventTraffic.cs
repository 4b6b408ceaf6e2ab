using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Metrics;

/// <summary>Whether events come in at the moment, for long work that gives way to them. For any thread.</summary>
/// <remarks>It looks at what is counted anyway, so events pay nothing for being looked after. Where none come in, work is not slowed down for
/// nobody's sake: an import of 100,000 renders would sleep for half a second.</remarks>
/// <param name="count">Counts them: any number that changes with each.</param>
/// <param name="time">A clock.</param>
internal sealed class EventTraffic(Func<long> count, TimeProvider time)
{
    private const long Never = long.MinValue;

    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);

    private long _counted;
    private long _seenAt = Never;

    /// <summary>Whether one was counted since the last look, or in the last second.</summary>
    public bool IsLive
    {
        get
        {
            // The time before the count, as release and acquire: who finds his own count there finds when it was seen. Of several threads one may
            // put back an older count, which the next look takes for an event: a pause too many.
            var counted = count();
            if (Volatile.Read(ref _counted) != counted)
            {
                Volatile.Write(ref _seenAt, time.GetTimestamp());
                Volatile.Write(ref _counted, counted);
            }

            var seenAt = Volatile.Read(ref _seenAt);
            return seenAt != Never && time.GetElapsedTime(seenAt) < Memory;
        }
    }

    /// <summary>Ends a turn of some 100 microseconds of work (<see cref="BackgroundThread"/>): pauses while events come in.</summary>
    public void GiveWay()
    {
        if (IsLive)
            BackgroundThread.EndTurn();
    }
}
