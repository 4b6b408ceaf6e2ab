using System.IO.Pipelines;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Transport;

/// <summary>What a connection sends, as a pipe that sends on the thread that flushes it.</summary>
/// <remarks>
/// A flush hands everything to the system before it returns. When the system has no room (the peer reads slowly), it waits: the loop sends
/// the rest as room comes, and the flush ends when all of it is out. So nothing is buffered but what one flush brings, and whoever writes
/// is held back by whoever reads. What follows a flush that had to wait goes on in the thread pool, because the loop cannot know how
/// long it takes.
/// </remarks>
internal sealed class SocketOutput : PipeWriter, IPipeWaiter<FlushResult>
{
    // Pieces that one call sends; the system's own limit is 1,024.
    private const int MaxPieces = 16;

    private readonly EpollConnection _connection;
    private readonly SharedSocket _socket;
    private readonly EventLoop _loop;

    private readonly PipeWait<FlushResult> _wait;

    // The owner's (see Handoff): what is to be sent, from here up to the end of the flush.
    private Block? _first;
    private int _sent;
    private Block? _flushedBlock;
    private int _flushedEnd;
    private bool _isBroken;

    // The user's, who may write on while a flush is pending: behind the end of the flush, where the owner does not look.
    private Block? _last;
    private long _unflushed;
    private bool _isCompleted;

    public SocketOutput(EpollConnection connection, SharedSocket socket, EventLoop loop)
    {
        _connection = connection;
        _socket = socket;
        _loop = loop;
        _wait = new PipeWait<FlushResult>(this);
    }

    // The user's, when no flush is pending.
    private bool IsAllSent => ReferenceEquals(_first, _last) && _sent >= (_first?.Written ?? 0);

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_isCompleted)
            throw new InvalidOperationException("The output was completed.");
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        if (_last is null || _last.Room < Math.Max(sizeHint, 1))
            AddBlock(sizeHint);
        return _last!.FreeMemory;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (bytes < 0 || bytes > (_last?.Room ?? 0))
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "More than there is room for.");
        if (bytes == 0)
            return;
        _last!.Written += bytes;
        _unflushed += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_wait.IsPending)
            throw new InvalidOperationException("A flush is pending.");
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        if (_last is null || IsAllSent)
            return new ValueTask<FlushResult>(TakeResult());
        _unflushed = 0;
        _flushedBlock = _last;
        _flushedEnd = _last.Written;
        while (!TrySend())
        {
            if (!_wait.TakeReady() && _wait.TryWait(cancellationToken, out var flush))
                return flush;
        }

        DropSent();
        return new ValueTask<FlushResult>(TakeResult());
    }

    public override void CancelPendingFlush() => _wait.RequestCancel();

    /// <summary>Ends writing. What was written and not flushed is sent by <see cref="FinishAsync"/>, unless there was a failure.</summary>
    public override void Complete(Exception? exception = null)
    {
        _isCompleted = true;
        if (exception is not null)
            _isBroken = true;
    }

    /// <summary>Sends what is left after <see cref="Complete(Exception?)"/>, however long the peer takes; an abort of the connection ends
    /// it.</summary>
    public async ValueTask FinishAsync()
    {
        // A flush that is still pending is a mistake of the user's. The loop has its blocks, so they are left to the garbage collector.
        if (_wait.IsPending)
            return;
        while (!IsAllSent && !_isBroken)
            await FlushAsync().ConfigureAwait(false);
        DropAll();
    }

    /// <summary>Tells that the socket has room. The loop's.</summary>
    public void OnWritable()
    {
        if (!_wait.Signal())
            return;
        var isSent = false;
        try
        {
            isSent = TrySend();
        }
        catch (Exception)
        {
            // Whoever waits must not wait for ever; the loop reports the failure and ends the connection.
            _isBroken = true;
            _wait.Complete(elsewhere: true);
            throw;
        }

        if (isSent)
            _wait.Complete(elsewhere: true);
        else
            _wait.WaitAgain();
    }

    // A flush that fails ends as one whose reader has gone.
    Exception? IPipeWaiter<FlushResult>.Failure => null;

    FlushResult IPipeWaiter<FlushResult>.TakeResult(bool isCanceled) => new(isCanceled, _isBroken);

    void IPipeWaiter<FlushResult>.OnTaken() => DropSent();

    private FlushResult TakeResult() => new(_wait.TakeCanceled(), _isBroken);

    /// <summary>Sends up to the end of the flush; true when all is sent or nothing more can be, false when there is no room.</summary>
    private bool TrySend()
    {
        while (!_isBroken)
        {
            while (!ReferenceEquals(_first, _flushedBlock) && _sent >= _first!.Written)
            {
                var sent = _first;
                _first = sent.Following;
                _sent = 0;
                sent.Dispose();
            }

            if (ReferenceEquals(_first, _flushedBlock) && _sent >= _flushedEnd)
                return true;
            var count = SendOnce(out var error);
            if (count >= 0)
                Skip((int)count);
            else if (error == LinuxSocket.Again)
                return false;
            else
                Break();
        }

        return true;
    }

    private unsafe nint SendOnce(out int error)
    {
        if (!_socket.TryEnter())
        {
            error = LinuxSocket.BrokenPipe;
            return -1;
        }

        nint count;
        do
        {
            count = ReferenceEquals(_first, _flushedBlock)
                ? LinuxSocket.Send(_socket.Descriptor, _first!.Start + _sent, (nuint)(_flushedEnd - _sent))
                : SendPieces();
            error = count < 0 ? LinuxSocket.Error : 0;
        }
        while (error == LinuxSocket.Interrupted);

        _socket.Leave();
        return count;
    }

    private unsafe nint SendPieces()
    {
        var pieces = stackalloc LinuxSocket.Piece[MaxPieces];
        var count = 0;
        var start = _sent;
        for (var block = _first!; count < MaxPieces; block = block.Following!, start = 0)
        {
            var isLast = ReferenceEquals(block, _flushedBlock);
            pieces[count++] = new LinuxSocket.Piece { Start = block.Start + start, Length = (nuint)((isLast ? _flushedEnd : block.Written) - start) };
            if (isLast)
                break;
        }

        return LinuxSocket.Send(_socket.Descriptor, pieces, count);
    }

    private void Skip(int count)
    {
        while (!ReferenceEquals(_first, _flushedBlock) && count > _first!.Written - _sent)
        {
            var sent = _first;
            count -= sent.Written - _sent;
            _first = sent.Following;
            _sent = 0;
            sent.Dispose();
        }

        _sent += count;
    }

    private void Break()
    {
        _isBroken = true;
        _connection.OnPeerGone();
    }

    private void AddBlock(int bytes)
    {
        var block = bytes > BlockPool.BlockBytes ? new Block(bytes, pool: null) : _loop.Blocks.Rent();
        if (_last is null)
            _first = block;
        else
            _last.Append(block);
        _last = block;
    }

    // The user's, when no flush is pending: the flush is behind him, and so is the last block unless he has written on.
    private void DropSent()
    {
        if (_isBroken || IsAllSent)
            DropAll();
    }

    private void DropAll()
    {
        while (_first is not null)
        {
            var first = _first;
            _first = first.Following;
            first.Dispose();
        }

        _last = null;
        _flushedBlock = null;
        _sent = 0;
    }
}
