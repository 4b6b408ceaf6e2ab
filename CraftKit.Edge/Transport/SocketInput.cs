using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
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
internal sealed class SocketInput : PipeReader, IValueTaskSource<ReadResult>
{
    /// <summary>Reads in a row before other connections get their turn: some 0.4 ms of requests.</summary>
    public const int Turn = 64;

    // Less room than this is not worth a call on the socket.
    private const int LeastRoom = 1024;

    private readonly EpollConnection _connection;
    private readonly SharedSocket _socket;
    private readonly EventLoop _loop;

    // Not readonly, as the blocks below: mutable structs.
    private Handoff _handoff;
    private ManualResetValueTaskSourceCore<ReadResult> _pending;
    private CancellationTokenRegistration _cancellation;

    // The owner's: see Handoff. Between a read and its AdvanceTo the blocks are lent to the user, who owns the direction then.
    private ReceivedBlocks _blocks;
    private bool _isExamined = true;
    private bool _isEnded;
    private Exception? _failure;
    private int _reads;

    // The user's.
    private bool _isPending;
    private bool _isCompleted;
    private bool _isOwned;

    // 1 when a cancellation waits for a read to tell it to. Set before the waiter is tried, and looked at after waiting has begun, both with a
    // full fence: one of the two sees the other.
    private int _isCanceled;

    private volatile bool _goesOnInPool;

    // Set by the loop before it tells of the event, so who is told sees it.
    private volatile bool _distrustsShortReads;

    public SocketInput(EpollConnection connection, SharedSocket socket, EventLoop loop)
    {
        _connection = connection;
        _socket = socket;
        _loop = loop;
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
            return WaitForTurn(cancellationToken);
        while (true)
        {
            if (HasNews())
                return _failure is null ? new ValueTask<ReadResult>(TakeResult()) : ValueTask.FromException<ReadResult>(_failure);
            if (_handoff.TakeReady())
            {
                Receive();
                continue;
            }

            BeginWait(cancellationToken);
            if (_handoff.TryWait())
                return Waiting(cancellationToken);
            EndWait();
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        if (!HasNews() && _handoff.TakeReady())
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

    public override void CancelPendingRead()
    {
        Interlocked.Exchange(ref _isCanceled, 1);
        if (_handoff.TryTakeWaiter())
            Complete(elsewhere: true);
    }

    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted)
            return;
        _isCompleted = true;

        // A read that is still pending is a mistake of the user's: it ends, unless the loop is just about to end it. Then the blocks are in
        // use, and are left to the garbage collector.
        var isPending = _isPending;
        _isOwned = !isPending || _handoff.TryTakeWaiter();
        if (!_isOwned)
            return;
        _blocks.Clear();
        if (!isPending)
            return;
        Fail(new InvalidOperationException("The input was completed while it was read."));
        Complete(elsewhere: true);
    }

    /// <summary>Tells that the socket may have something. The loop's.</summary>
    public void OnReadable()
    {
        if (_handoff.Signal())
            Resume();
    }

    /// <summary>Gives a connection that waited for its turn that turn. The loop's.</summary>
    public void OnTurn()
    {
        if (_handoff.TryTakeWaiter())
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

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        EndWait();
        return _pending.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _pending.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _pending.OnCompleted(continuation, state, token, flags);

    private ValueTask<ReadResult> WaitForTurn(CancellationToken cancellationToken)
    {
        _reads = 0;
        BeginWait(cancellationToken);
        _handoff.Wait();
        _loop.Defer(_connection);
        return Waiting(cancellationToken);
    }

    private void BeginWait(CancellationToken cancellationToken)
    {
        _pending.Reset();
        _isPending = true;
        if (cancellationToken.CanBeCanceled)
            _cancellation = cancellationToken.UnsafeRegister(static (self, token) => ((SocketInput)self!).OnToken(token), this);
    }

    // Disposing waits for a call that is under way, so no later read is taken for the one whose token it was.
    private void EndWait()
    {
        _isPending = false;
        if (_cancellation == default)
            return;
        _cancellation.Dispose();
        _cancellation = default;
    }

    private ValueTask<ReadResult> Waiting(CancellationToken cancellationToken)
    {
        // What was asked for before waiting began found no waiter; see _isCanceled. A token is cancelled before it calls anybody.
        if ((Volatile.Read(ref _isCanceled) != 0 || cancellationToken.IsCancellationRequested) && _handoff.TryTakeWaiter())
        {
            EndWait();
            return cancellationToken.IsCancellationRequested
                ? ValueTask.FromCanceled<ReadResult>(cancellationToken)
                : new ValueTask<ReadResult>(TakeResult());
        }

        return new ValueTask<ReadResult>(this, _pending.Version);
    }

    private void OnToken(CancellationToken token)
    {
        if (_handoff.TryTakeWaiter())
            Cancel(token);
    }

    private void Cancel(CancellationToken token)
    {
        _pending.RunContinuationsAsynchronously = true;
        _pending.SetException(new OperationCanceledException(token));
    }

    // The waiter was taken, the direction is the loop's.
    private void Resume()
    {
        _reads = 0;
        try
        {
            // Who waited for his turn may have bytes left. What the wait or the event said of the socket then still holds for his next read.
            if (HasNews())
                _handoff.SetReady();
            else
                Receive();
        }
        catch (Exception exception)
        {
            // Memory has run out. Whoever waits must hear of it, or he would wait for ever.
            Fail(exception);
        }

        if (HasNews())
        {
            Complete(elsewhere: _goesOnInPool);
            return;
        }

        // An event without bytes. Only this thread signals, so the wait begins again at once; what was asked for meanwhile found no waiter.
        var token = _cancellation.Token;
        _handoff.Wait();
        if (token.IsCancellationRequested && _handoff.TryTakeWaiter())
            Cancel(token);
        else if (Volatile.Read(ref _isCanceled) != 0 && _handoff.TryTakeWaiter())
            Complete(elsewhere: true);
    }

    // Ends the pending read. From the first line that sets it on, the user may run on another thread: nothing follows.
    private void Complete(bool elsewhere)
    {
        _pending.RunContinuationsAsynchronously = elsewhere;
        if (_failure is not null)
            _pending.SetException(_failure);
        else
            _pending.SetResult(TakeResult());
    }

    private bool HasNews() => !_isExamined || _isEnded || _failure is not null || Volatile.Read(ref _isCanceled) != 0;

    private ReadResult TakeResult()
    {
        var isCanceled = Volatile.Read(ref _isCanceled) != 0 && Interlocked.Exchange(ref _isCanceled, 0) != 0;
        return new ReadResult(_blocks.Bytes, isCanceled, _isEnded);
    }

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
                _handoff.SetReady();
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
