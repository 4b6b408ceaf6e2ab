using System.Buffers;
using System.Collections.Concurrent;

namespace CraftKit.Edge.Transport;

/// <summary>The memory of an event loop's connections.</summary>
/// <remarks>
/// A connection has a block only while it has bytes in it, and the block given back last is lent first. So a thread that serves many
/// connections works in one or two blocks that stay in the processor's cache, and an idle connection has none.
/// </remarks>
internal sealed class BlockPool : MemoryPool<byte>
{
    /// <summary>Bytes of a block: a request with 8 KiB of metadata comes in one, by one call.</summary>
    public const int BlockBytes = 16 * 1024;

    // What is kept for later, by the loop and by all other threads each: 4 MiB. More is left to the garbage collector.
    private const int Kept = 256;

    // The loop's alone.
    private readonly Block[] _own = new Block[Kept];
    private int _ownCount;

    // Everybody's. The count may be off by those who are between its change and the queue's; it bounds, nothing more.
    private readonly ConcurrentQueue<Block> _shared = new();
    private int _sharedCount;

    // 0 until the loop has begun: no thread has that number.
    private int _loopThread;

    public override int MaxBufferSize => BlockBytes;

    /// <summary>Makes the calling thread the loop's.</summary>
    public void Own() => Volatile.Write(ref _loopThread, Environment.CurrentManagedThreadId);

    /// <summary>Lends an empty block.</summary>
    public Block Rent()
    {
        Block? block;
        if (Environment.CurrentManagedThreadId == _loopThread && _ownCount > 0)
        {
            block = _own[--_ownCount];
        }
        else if (_shared.TryDequeue(out block))
        {
            Interlocked.Decrement(ref _sharedCount);
        }
        else
        {
            return new Block(BlockBytes, this);
        }

        block.TrySetRented(true);
        return block;
    }

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        return Rent();
    }

    /// <summary>Takes a block back.</summary>
    internal void Return(Block block)
    {
        // Given back twice it would be lent to two connections. Between its two givers nothing orders the look, but the one who errs does so
        // on his own thread, after his first.
        if (!block.TrySetRented(false))
            return;
        if (Environment.CurrentManagedThreadId == _loopThread && _ownCount < Kept)
        {
            _own[_ownCount++] = block;
        }
        else if (Interlocked.Increment(ref _sharedCount) <= Kept)
        {
            _shared.Enqueue(block);
        }
        else
        {
            Interlocked.Decrement(ref _sharedCount);
        }
    }

    protected override void Dispose(bool disposing)
    {
    }
}
