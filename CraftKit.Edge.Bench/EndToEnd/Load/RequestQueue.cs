namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>Requests in memory, one after the other; after the last one the first comes again.</summary>
/// <param name="requests">All of them.</param>
/// <param name="count">How many there are.</param>
/// <param name="length">Bytes of each.</param>
internal sealed unsafe class RequestQueue(byte* requests, int count, int length)
{
    private int _next;

    /// <summary>How many were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Sends the next one.</summary>
    public void SendNext(LoadConnection connection, long now)
    {
        connection.Send(requests + ((long)_next * length), length, now);
        Sent++;
        if (++_next == count)
            _next = 0;
    }
}
