namespace CraftKit.Edge.Transport;

/// <summary>Hands one direction of a connection, with its buffers, from whoever uses the pipe to the event loop and back.</summary>
/// <remarks>
/// One side at a time owns the direction: the <b>user</b> while no operation of his is pending, the <b>loop</b> from taking the waiter
/// until it completes the operation. Who owns calls on the socket; so a request that arrives whole runs without handing over anything
/// but the waiter.
/// <code>
/// state     meaning                                   who changes it, to what
/// Idle      nothing heard since the socket was        loop: Ready, on an event; user: Waiting
///           found exhausted
/// Ready     an event came: the socket is worth        user: Idle, before he calls on the socket
///           another call
/// Waiting   the user waits, all his writes are done   loop, or who cancels: Idle, and the direction is his
/// </code>
/// Waiting is entered from Idle by a compare-and-swap, so an event between the exhausted call and the wait is never lost: it has made
/// the state Ready, the swap fails, and the user calls again. The same swaps publish the buffers: everything written before Waiting was
/// set is seen by who takes it.
/// </remarks>
internal struct Handoff
{
    private const int Idle = 0, Ready = 1, Waiting = 2;

    private int _state;

    /// <summary>Whether an event came since the socket was found exhausted; forgets it. The user's.</summary>
    /// <remarks>The exchange is a full fence before the call on the socket: an event that this forgets was told before the call, so the call
    /// sees what it told of.</remarks>
    public bool TakeReady() => Volatile.Read(ref _state) == Ready && Interlocked.Exchange(ref _state, Idle) == Ready;

    /// <summary>Notes that the socket is worth another call although no event will say so. The owner's.</summary>
    public void SetReady() => Interlocked.CompareExchange(ref _state, Ready, Idle);

    /// <summary>Begins to wait; false when an event came, so that the socket must be asked again. The owner's.</summary>
    public bool TryWait() => Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle;

    /// <summary>Begins to wait whatever came: who takes the waiter must ask the socket. The user's.</summary>
    public void Wait() => Interlocked.Exchange(ref _state, Waiting);

    /// <summary>Takes the waiter; true for exactly one of those who try.</summary>
    public bool TryTakeWaiter() => Interlocked.CompareExchange(ref _state, Idle, Waiting) == Waiting;

    /// <summary>Tells of an event; true when a waiter was taken by it. The loop's.</summary>
    public bool Signal()
    {
        // A state of Ready may be read a moment before the user's exchange: then his call comes after this event, and sees what it told of.
        while (true)
        {
            switch (Volatile.Read(ref _state))
            {
                case Ready:
                    return false;
                case Waiting when TryTakeWaiter():
                    return true;
                case Idle when Interlocked.CompareExchange(ref _state, Ready, Idle) == Idle:
                    return false;
            }
        }
    }
}
