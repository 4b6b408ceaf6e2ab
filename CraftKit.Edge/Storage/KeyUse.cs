namespace CraftKit.Edge.Storage;

/// <summary>Whether a key was used since somebody last asked.</summary>
/// <remarks>Costs a request one read: no clock is asked, and the flag is written once after each <see cref="TryTake"/>, not with each request.
/// </remarks>
internal sealed class KeyUse
{
    private bool _isUsed;

    /// <summary>The key opens a request. Any number of threads at once; waits for nothing.</summary>
    /// <remarks>Whoever finds the flag set leaves it: that use counts with the one before, since the flag was not taken yet. Both accesses are
    /// volatile only so that none is left out or moved out of a loop; nothing else hangs on them.</remarks>
    public void Mark()
    {
        if (!Volatile.Read(ref _isUsed))
            Volatile.Write(ref _isUsed, true);
    }

    /// <summary>Whether it was used since the last call. For one thread at a time.</summary>
    /// <remarks>A request that marks between the two accesses finds the flag set and is counted here; one after them sets it again.</remarks>
    public bool TryTake()
    {
        // A full fence, so that a clock that is read next is not read before a request that still found the flag set has left it so.
        return Volatile.Read(ref _isUsed) && Interlocked.Exchange(ref _isUsed, false);
    }
}
