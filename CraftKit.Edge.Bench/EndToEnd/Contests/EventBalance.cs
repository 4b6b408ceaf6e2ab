using CraftKit.Edge.Bench.EndToEnd.Load;

namespace CraftKit.Edge.Bench.EndToEnd.Contests;

/// <summary>The events that one server must have, by what it was sent and by what it answered, over all rounds.</summary>
/// <remarks>When the time is over, wrk drops the requests that are under way: whether they were recorded, it never learns. So the last ones are
/// sent again, one after the other, which is safe by contract: an event that was recorded is then a duplicate, any other is recorded now. After that
/// every event that was sent has been recorded, exactly once; and of the events in the database, those that no answer told of are at most as
/// many as requests were dropped.</remarks>
internal sealed record EventBalance
{
    /// <summary>Events in the database before anything was sent.</summary>
    public long StoredBefore { get; set; }

    /// <summary>Different events that were sent.</summary>
    public long Sent { get; set; }

    /// <summary>Answers <c>{"recorded":true}</c>.</summary>
    public long Recorded { get; set; }

    /// <summary>Requests whose answer the client did not wait for.</summary>
    public long CutOff { get; set; }

    /// <summary>Answers other than 200. Only where a server has no more room; the events were then not stored.</summary>
    public long Refused { get; set; }

    /// <summary>Events in the database since; null before they were counted, or where there is no database.</summary>
    public long? Stored { get; set; }

    /// <summary>Events in the database whose answer the client did not wait for.</summary>
    public long? Untold => Stored - Recorded;

    /// <summary>Whether what is stored, what was sent and what was answered agree. Without a database: whether nothing was said to be
    /// recorded.</summary>
    public bool IsRight => Stored is null
        ? Recorded == 0 && Refused == 0
        : Untold >= 0 && Untold <= CutOff && Stored <= Sent && Stored >= Sent - Refused;

    /// <summary>Adds events that were sent one by one.</summary>
    public void Add(long sent, long recorded)
    {
        Sent += sent;
        Recorded += recorded;
    }

    /// <summary>Adds a round.</summary>
    /// <param name="load">What the client saw.</param>
    /// <param name="newEvents">Of the requests sent, those with a new event.</param>
    public void Add(LoadResult load, long newEvents)
    {
        Add(newEvents, load.Recorded);
        CutOff += load.CutOff;
        Refused += load.Refused;
    }
}
