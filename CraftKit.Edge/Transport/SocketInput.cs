using System.IO.Pipelines;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Transport;

/// <summary>What a connection receives, as a pipe that reads the socket only when it is asked.</summary>
/// <remarks>
/// <para>A read looks at what is buffered, then at the socket if that may have something, and else waits; an event then lets the loop
/// receive, and whoever waits goes on at once on the loop's thread. So nothing is read that nobody wants yet (TCP itself holds the sender
/// back), and a request costs one call.</para>
/// <para>After a call that left room in the buffer, the socket is taken for exhausted without asking again. The poll is edge-triggered, so
/// this holds only because whatever comes later makes an event of its own. Three things may be in the socket already and make none: the
/// peer's end, a failure, and what stands behind a mark of urgent data, at which a receive stops short. All three were told with or
/// after the event that led to the call (their arrival is an event), and from then on the socket is read until it says that it is
/// exhausted (<see cref="DistrustShortReads"/>).</para>
/// </remarks>
internal sealed class SocketInput : PipeReader, IPipeWaiter<ReadResult>
{
    /// <summary>Reads in a row before other connections get their turn: some 0.4 ms of requests.</summary>
    public const int Turn = 64;

    // Less room than this is not worth a call on the socket.
    private const int LeastRoom = 1024;

    private readonly EpollConnection _connection;
    private readonly SharedSocket _socket;
    private readonly EventLoop _loop;

    private readonly PipeWait<ReadResult> _wait;

    // The owner's: see Handoff. Between a read and its AdvanceTo the blocks are lent to the user, who owns the direction then.
    private ReceivedBlocks _blocks; // not readonly: a mutable struct
    private bool _isExamined = true;
    private bool _isEnded;
    private Exception? _failure;
    private int _reads;

    // The user's.
    private bool _isCompleted;
    private bool _isOwned;

    private volatile bool _goesOnInPool;

    // Set by the loop before it tells of the event, so who is told sees it.
    private volatile bool _distrustsShortReads;

    public SocketInput(EpollConnection connection, SharedSocket socket, EventLoop loop)
    {
        _connection = connection;
        _socket = socket;
        _loop = loop;
        _wait = new PipeWait<ReadResult>(this);
    }

    /// <summary>From now on a receive that leaves room does not mean that there is nothing more. The loop's.</summary>
    public void DistrustShortReads() => _distrustsShortReads = true;

    /// <inheritdoc cref="IContinuationFeature.GoesOnInPool"/>
    public bool GoesOnInPool
    {
        get => _goesOnInPool;
        set => _goesOnInPool = value;
    }

    /// <summary>Whether the peer has said that it sends no more, and that was read.</summary>
    public bool IsEnded => _isEnded;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        if (++_reads > Turn)
        {
            _reads = 0;
            var turn = _wait.Wait(cancellationToken);
            _loop.Defer(_connection);
            return turn;
        }

        while (true)
        {
            if (HasNews())
                return _failure is null ? new ValueTask<ReadResult>(TakeResult()) : ValueTask.FromException<ReadResult>(_failure);
            if (_wait.TakeReady())
                Receive();
            else if (_wait.TryWait(cancellationToken, out var read))
                return read;
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        if (!HasNews() && _wait.TakeReady())
            Receive();
        if (!HasNews())
        {
            result = default;
            return false;
        }

        if (_failure is not null)
            throw _failure;
        result = TakeResult();
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_isCompleted)
            return;
        _isExamined = _blocks.IsEmpty || _blocks.IsEnd(examined);
        _blocks.ConsumeTo(consumed);
        _isExamined |= _blocks.IsEmpty;
    }

    public override void CancelPendingRead() => _wait.RequestCancel();

    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted)
            return;
        _isCompleted = true;

        // A read that is still pending is a mistake of the user's: it ends, unless the loop is just about to end it. Then the blocks are in
        // use, and are left to the garbage collector.
        var isPending = _wait.IsPending;
        _isOwned = !isPending || _wait.TryTakeWaiter();
        if (!_isOwned)
            return;
        _blocks.Clear();
        if (!isPending)
            return;
        Fail(new InvalidOperationException("The input was completed while it was read."));
        _wait.Complete(elsewhere: true);
    }

    /// <summary>Tells that the socket may have something. The loop's.</summary>
    public void OnReadable()
    {
        if (_wait.Signal())
            Resume();
    }

    /// <summary>Gives a connection that waited for its turn that turn. The loop's.</summary>
    public void OnTurn()
    {
        if (_wait.TryTakeWaiter())
            Resume();
    }

    /// <summary>Receives and throws away what is still there, so that closing does not cut the connection: the system resets one that is
    /// closed with bytes unread, and the reset may overtake the last answer. Only after <see cref="Complete(Exception?)"/>.</summary>
    /// <param name="limit">Blocks at most; who sends on and on is cut.</param>
    public void Discard(int limit)
    {
        while (_isOwned && limit-- > 0 && !_isEnded && _failure is null)
        {
            Receive();
            if (_blocks.IsEmpty)
                return;
            _blocks.Clear();
        }
    }

    Exception? IPipeWaiter<ReadResult>.Failure => _failure;

    ReadResult IPipeWaiter<ReadResult>.TakeResult(bool isCanceled) => new(_blocks.Bytes, isCanceled, _isEnded);

    void IPipeWaiter<ReadResult>.OnTaken()
    {
    }

    // The waiter was taken, the direction is the loop's.
    private void Resume()
    {
        _reads = 0;
        try
        {
            // Who waited for his turn may have bytes left. What the wait or the event said of the socket then still holds for his next read.
            if (HasNews())
                _wait.SetReady();
            else
                Receive();
        }
        catch (Exception exception)
        {
            // Memory has run out. Whoever waits must hear of it, or he would wait for ever.
            Fail(exception);
        }

        // An event without bytes begins the wait again.
        if (HasNews())
            _wait.Complete(elsewhere: _goesOnInPool);
        else
            _wait.WaitAgain();
    }

    private bool HasNews() => !_isExamined || _isEnded || _failure is not null || _wait.IsCanceled;

    private ReadResult TakeResult() => new(_blocks.Bytes, _wait.TakeCanceled(), _isEnded);

    private unsafe void Receive()
    {
        if (_connection.AbortReason is { } reason)
        {
            Fail(reason);
            return;
        }

        var last = _blocks.Last;
        if (last is null || last.Room < LeastRoom)
            last = _loop.Blocks.Rent();
        var room = last.Room;
        var count = ReceiveInto(last.Start + last.Written, room, out var error);
        if (count > 0)
        {
            if (!ReferenceEquals(last, _blocks.Last))
                _blocks.Append(last);
            last.Written += (int)count;
            _isExamined = false;
            if (count == room || _distrustsShortReads)
                _wait.SetReady();
            return;
        }

        if (!ReferenceEquals(last, _blocks.Last))
            last.Dispose();
        if (error == 0)
            _isEnded = true;
        else if (error != LinuxSocket.Again)
            Fail(EpollConnection.ToException(error));
    }

    private unsafe nint ReceiveInto(byte* start, int room, out int error)
    {
        if (!_socket.TryEnter())
        {
            error = LinuxSocket.ConnectionAborted;
            return -1;
        }

        nint count;
        do
        {
            count = LinuxSocket.Receive(_socket.Descriptor, start, (nuint)room);
            error = count < 0 ? LinuxSocket.Error : 0;
        }
        while (error == LinuxSocket.Interrupted);

        _socket.Leave();
        return count;
    }

    private void ThrowIfCompleted()
    {
        if (_isCompleted)
            throw new InvalidOperationException("The input was completed.");
    }

    // An abort is the first thing that anybody should hear of.
    private void Fail(Exception failure) => _failure ??= _connection.AbortReason ?? failure;
}
