using CraftKit.Edge.Platform;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Transport;

/// <summary>One thread that waits for events on sockets and runs what they set on, one after the other.</summary>
/// <remarks>
/// Everything here that other threads touch is touched when a connection comes or goes, or takes another turn; not on the way of a
/// request. A descriptor's events carry a key of the handler's place and a number that no other handler of that place has had, so an
/// event that was already fetched when its connection was closed reaches nobody, also when the place and the descriptor have a new
/// owner by then.
/// </remarks>
internal sealed class EventLoop : IDisposable
{
    private const int EventsAtOnce = 256;

    private readonly EventPoll _poll = new(EventsAtOnce);
    private readonly TurnClock _clock;
    private readonly ILogger _logger;
    private readonly Thread _thread;

    // Guards the places' allocation; the loop only reads them. A bigger array replaces a full one.
    private readonly Lock _placesLock = new();
    private readonly Stack<int> _freePlaces = new();
    private IPollHandler?[] _places = new IPollHandler?[64];
    private int _placesUsed;
    private uint _lastSerial;
    private int _handlers;

    // Turns asked for on the loop's thread, and elsewhere.
    private readonly Queue<IPollHandler> _turns = new();
    private readonly Lock _postedLock = new();
    private readonly Queue<IPollHandler> _posted = new();
    private bool _isStopping;

    /// <param name="name">The thread's.</param>
    /// <param name="clock">Is told of the rounds.</param>
    /// <param name="logger">Where failures go.</param>
    /// <exception cref="EdgeException">The system refuses an epoll.</exception>
    public EventLoop(string name, TurnClock clock, ILogger logger)
    {
        _clock = clock;
        _logger = logger;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>The memory of this loop's connections.</summary>
    public BlockPool Blocks { get; } = new();

    /// <summary>Handlers that this loop tells of events.</summary>
    public int Handlers => Volatile.Read(ref _handlers);

    /// <summary>Begins.</summary>
    public void Start() => _thread.Start();

    /// <summary>Tells <paramref name="handler"/> of a descriptor's events from here on.</summary>
    /// <returns>0 or an errno.</returns>
    /// <exception cref="ObjectDisposedException">The loop has ended.</exception>
    public int TryAdd(IPollHandler handler, int descriptor, PollEvents events)
    {
        lock (_placesLock)
        {
            if (!_freePlaces.TryPop(out var place))
                place = _placesUsed++;
            if (place == _places.Length)
            {
                var places = new IPollHandler?[place * 2];
                _places.CopyTo(places, 0);

                // The loop may go on reading the old one: what is put into the new one from here on makes no event before it was put there.
                Volatile.Write(ref _places, places);
            }

            // Set before the first event can be told. Numbers begin at 1, so no key is the poll's own.
            handler.Key = ((ulong)++_lastSerial << 32) | (uint)place;
            _places[place] = handler;
            _handlers++;
        }

        var error = _poll.TryAdd(descriptor, events, handler.Key);
        if (error != 0)
            Remove(handler);
        return error;
    }

    /// <summary>Changes what a handler's descriptor is watched for.</summary>
    /// <returns>0 or an errno.</returns>
    /// <exception cref="ObjectDisposedException">The loop has ended.</exception>
    public int TryModify(IPollHandler handler, int descriptor, PollEvents events) => _poll.TryModify(descriptor, events, handler.Key);

    /// <summary>Tells a handler of nothing any more. Its descriptor is closed by who calls this.</summary>
    public void Remove(IPollHandler handler)
    {
        lock (_placesLock)
        {
            var place = (int)(uint)handler.Key;
            if (!ReferenceEquals(_places[place], handler))
                return;
            _places[place] = null;
            _freePlaces.Push(place);
            _handlers--;
        }
    }

    /// <summary>Lets everybody else have a turn, then calls <see cref="IPollHandler.OnTurn"/>.</summary>
    public void Defer(IPollHandler handler)
    {
        if (IsCurrent)
        {
            _turns.Enqueue(handler);
            return;
        }

        lock (_postedLock)
        {
            _posted.Enqueue(handler);
            if (_posted.Count == 1 && !_isStopping)
                _poll.Wake();
        }
    }

    /// <summary>Ends the thread, after it has ended whatever it still serves; waits for that unless called on it.</summary>
    public void Dispose()
    {
        lock (_postedLock)
        {
            if (!_isStopping)
            {
                _isStopping = true;
                _poll.Wake();
            }
        }

        if (!IsCurrent)
            _thread.Join();
    }

    private bool IsCurrent => Environment.CurrentManagedThreadId == _thread.ManagedThreadId;

    private void Run()
    {
        Blocks.Own();
        var goesOn = true;
        while (goesOn)
        {
            var count = _poll.Wait(_turns.Count > 0 ? 0 : -1);
            _clock.BeginTurn();
            for (var i = 0; i < count; i++)
            {
                var events = _poll.Read(i, out var key);
                if (key == EventPoll.WakeKey)
                    goesOn = TakePosted();
                else if (Find(key) is { } handler)
                    Tell(handler, events);
            }

            // Only those that were waiting when the round began: who asks again meanwhile comes after the next look at the sockets.
            for (var left = _turns.Count; left > 0; left--)
                GiveTurn(_turns.Dequeue());
            _clock.EndTurn();
        }

        Abandon();
        _poll.Dispose();
    }

    private bool TakePosted()
    {
        lock (_postedLock)
        {
            _poll.AcceptWake();
            while (_posted.TryDequeue(out var handler))
                _turns.Enqueue(handler);
            return !_isStopping;
        }
    }

    private IPollHandler? Find(ulong key)
    {
        var places = Volatile.Read(ref _places);
        var place = (uint)key;
        return place < (uint)places.Length && places[place] is { } handler && handler.Key == key ? handler : null;
    }

    private void Tell(IPollHandler handler, PollEvents events)
    {
        try
        {
            handler.OnEvents(events);
        }
        catch (Exception exception)
        {
            Report(handler, exception);
        }
    }

    private void GiveTurn(IPollHandler handler)
    {
        try
        {
            handler.OnTurn();
        }
        catch (Exception exception)
        {
            Report(handler, exception);
        }
    }

    // Whatever a connection does, the thread lives on for the others.
    private void Report(IPollHandler handler, Exception exception)
    {
        try
        {
            _logger.LogError(exception, "What an event set on failed; its connection is cut");
            handler.OnFault(exception);
        }
        catch (Exception second)
        {
            _logger.LogCritical(second, "A connection could not be cut after a failure");
        }
    }

    // Nobody tells of events any more: what still waits for one ends.
    private void Abandon()
    {
        IPollHandler?[] left;
        lock (_placesLock)
            left = [.. _places];
        foreach (var handler in left)
        {
            if (handler is null)
                continue;
            handler.OnFault(new ObjectDisposedException(nameof(EventLoop)));
            Tell(handler, PollEvents.HungUp);
        }
    }
}
