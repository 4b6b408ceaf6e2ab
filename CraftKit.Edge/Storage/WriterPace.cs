using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Storage;

/// <summary>How the writer goes through what it finds: while it keeps up in short turns with pauses between them, and at a stretch when it is behind,
/// or when somebody waits for the commit.</summary>
/// <remarks>
/// The kernel shares a processor by whole ticks of its clock (4 ms at 250 a second), whatever the priorities. A writer that stores 50 ms worth of
/// events at once takes such a tick from whoever had the processor: a socket thread, or a client on the same machine, and then every request that is
/// under way waits for it. A turn of a tenth of a millisecond is over before anybody is missed. A commit cannot be interrupted, so there are more of
/// them, each small.
/// </remarks>
/// <param name="isCalm">Whether it keeps up.</param>
internal readonly struct WriterPace(bool isCalm)
{
    /// <summary>Events of one turn: some 100 microseconds.</summary>
    private const int TurnEvents = 128;

    /// <summary>Events of one commit: some 300 microseconds.</summary>
    private const int CommitEvents = 512;

    /// <summary>From here on the writer is behind: what it stores in some 20 milliseconds.</summary>
    private const long BehindBytes = 4 << 20;

    /// <summary>As is one part in so many of a small journal.</summary>
    private const int BehindPart = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromMicroseconds(100);

    /// <summary>The pace for what waits in the journal.</summary>
    /// <param name="backlog">Bytes.</param>
    /// <param name="capacity">Bytes for which the journal has room.</param>
    /// <param name="isHurried">Whether somebody waits, whatever there is.</param>
    public static WriterPace For(long backlog, long capacity, bool isHurried) =>
        new(!isHurried && backlog < Math.Min(BehindBytes, capacity / BehindPart));

    /// <summary>Whether it is time to commit.</summary>
    public bool IsFull(EventBatch batch) => batch.IsFull || (isCalm && batch.Records >= CommitEvents);

    /// <summary>Whether so much came that more may be expected at once.</summary>
    public bool IsLarge(EventBatch batch) => batch.IsLarge || (isCalm && batch.Records >= CommitEvents);

    /// <summary>After each record: pauses when a turn is over.</summary>
    public void Took(EventBatch batch)
    {
        if (isCalm && batch.Records % TurnEvents == 0)
            BackgroundThread.Pause(Pause);
    }
}
