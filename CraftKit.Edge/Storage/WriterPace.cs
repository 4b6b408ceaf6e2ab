using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Storage;

/// <summary>How the writer goes through what it finds: while it keeps up in short turns with pauses between them, and at a stretch when it is behind,
/// or when somebody waits for the commit.</summary>
/// <remarks><see cref="BackgroundThread"/> says why in turns. A commit cannot be interrupted, so there are more of them then, each small.</remarks>
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

    /// <summary>The pace for what waits in the journal.</summary>
    /// <param name="backlog">Bytes.</param>
    /// <param name="capacity">Bytes for which the journal has room.</param>
    /// <param name="isHurried">Whether somebody waits, whatever there is.</param>
    public static WriterPace For(long backlog, long capacity, bool isHurried) =>
        new(!isHurried && backlog < Math.Min(BehindBytes, capacity / BehindPart));

    /// <summary>Whether a batch of so many events is to be committed, and more are to be expected at once.</summary>
    public bool IsEnough(int events) => isCalm && events >= CommitEvents;

    /// <summary>After each event: pauses when a turn is over.</summary>
    /// <param name="events">How many the batch has now.</param>
    public void Took(int events)
    {
        if (isCalm && events % TurnEvents == 0)
            BackgroundThread.EndTurn();
    }
}
