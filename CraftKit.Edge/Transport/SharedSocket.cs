using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Transport;

/// <summary>A socket's descriptor that several threads make calls on and that one of them closes.</summary>
/// <remarks>
/// The system gives the number of a closed descriptor to the next connection at once. A call that began before the close and reaches
/// the system after it would then read or write another client's connection. So the close waits for the calls that have begun: who
/// leaves last does it, and nobody enters after it was asked for.
/// </remarks>
internal sealed class SharedSocket(int descriptor)
{
    private const int Closing = 1, OneCall = 2;

    // Twice the number of calls under way, and 1 once closing was asked for. Every change is interlocked, so all threads see one order of
    // them: after the 1 the number only falls, and reaches 0 exactly once.
    private int _state;

    /// <summary>The number for the system. Only between <see cref="TryEnter"/> and <see cref="Leave"/>.</summary>
    public int Descriptor => descriptor;

    /// <summary>Begins calls; false when the socket is being closed.</summary>
    public bool TryEnter()
    {
        var seen = Volatile.Read(ref _state);
        while ((seen & Closing) == 0)
        {
            var before = Interlocked.CompareExchange(ref _state, seen + OneCall, seen);
            if (before == seen)
                return true;
            seen = before;
        }

        return false;
    }

    /// <summary>Ends what <see cref="TryEnter"/> began.</summary>
    public void Leave()
    {
        if (Interlocked.Add(ref _state, -OneCall) == Closing)
            _ = LinuxSocket.Close(descriptor);
    }

    /// <summary>Closes the socket as soon as nobody makes a call on it. Only the first call counts.</summary>
    public void Close()
    {
        if (Interlocked.Or(ref _state, Closing) == 0)
            _ = LinuxSocket.Close(descriptor);
    }
}
