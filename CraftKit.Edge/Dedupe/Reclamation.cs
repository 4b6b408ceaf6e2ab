using System.Runtime.CompilerServices;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Dedupe;

/// <summary>Frees tables that were replaced, once no thread can be looking into them any more.</summary>
/// <remarks>
/// Whoever works in a table says so in a cell of its own thread: the number there is odd during the work and another one after it
/// (<see cref="Enter"/>, <see cref="Leave"/>). A table is retired when no shard has it any more. From then on nobody new can reach it, so it
/// may be freed when every cell that was odd at that time has changed. The slots are far too much memory to be left to the garbage collector:
/// it does not see their weight, and each time that it was asked to look for them all threads stood still.
/// <para>Entering costs no fence. The collecting thread pays for it instead, with a barrier that the kernel carries to every processor that runs
/// this process.</para>
/// </remarks>
internal sealed class Reclamation
{
    /// <summary>Below this much garbage nothing is collected, unless it is quiet.</summary>
    private const long Least = 256 << 10;

    /// <summary>Garbage is collected when it weighs one in this many of the tables in use.</summary>
    private const int Share = 32;

    private readonly ThreadCells _stays = new(1);
    private readonly List<long> _staysThen = [], _staysNow = [];
    private ulong _retired;
    private SlotTable _waiting;
    private bool _knowsStays;
    private long _retiredBytes;
    private long _totalBytes;
    private long _totalAtRest;
    private int _collecting;
    private long _freed;
    private long _freedAtTrim;

    /// <summary>Bytes of tables that were retired and not freed yet.</summary>
    public long GarbageBytes => Volatile.Read(ref _retiredBytes) + WaitingBytes;

    /// <summary>Tables that were freed.</summary>
    public long Freed => Volatile.Read(ref _freed);

    // Written in a turn only; a reader may see it a moment old.
    private long WaitingBytes { get; set; }

    /// <summary>Says that the calling thread is about to take tables from their shards.</summary>
    /// <returns>The thread's cell, for <see cref="Leave"/>.</returns>
    /// <remarks>Never twice without <see cref="Leave"/>. Work that an exception ended counts as over when its thread enters again.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref long Enter()
    {
        ref var stay = ref _stays.MyFirst;

        // The reads of the shards must not go before this write. To the compiler the volatile accesses say that; to the processor, which would
        // need a fence here, the barrier in Collect does: either it makes this write seen, or the reads that follow come after it, and then
        // they no longer find what was retired before it.
        Volatile.Write(ref stay, (stay + 2) | 1);
        return ref stay;
    }

    /// <summary>Says that the calling thread has made its last access to any table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Leave(ref long stay) =>
        // Release: every access to a slot lies before it.
        Volatile.Write(ref stay, stay - 1);

    /// <summary><see cref="Leave"/> for who is about to throw: the thread may never come again, and would be waited for.</summary>
    public void LeaveByException() => Leave(ref _stays.MyFirst);

    /// <summary>Takes a table that no shard has any more.</summary>
    /// <param name="table">The table; it is freed here, and by nobody else.</param>
    /// <param name="inUse">Bytes of the tables in use.</param>
    public void Retire(SlotTable table, long inUse)
    {
        // A stack that is only ever taken whole, so that a swap against its head cannot mistake one state for another.
        ulong head;
        do
        {
            head = Volatile.Read(ref _retired);
            table.NextRetired = SlotTable.Of(head);
        }
        while (Interlocked.CompareExchange(ref _retired, table.Word, head) != head);

        // Atomic so that none is missed; they order nothing.
        Interlocked.Add(ref _totalBytes, table.Bytes);
        if (Interlocked.Add(ref _retiredBytes, table.Bytes) >= Math.Max(Least, inUse / Share))
            Collect();
    }

    /// <summary>For a maintenance thread, now and then: frees what is left when nothing was retired since the last call, and gives memory back to
    /// the system when much of it was freed.</summary>
    /// <param name="inUse">Bytes of the tables in use.</param>
    public void Rest(long inUse)
    {
        var total = Volatile.Read(ref _totalBytes);
        var quiet = total == _totalAtRest;

        // While the window grows, all tables that it has outgrown weigh three times those in use. More have gone for another reason.
        var shrunk = total - _totalAtRest > 4 * inUse;
        _totalAtRest = total;
        if (!quiet && !shrunk)
            return;

        // The second one frees what the first one could not yet tell to be free.
        Collect();
        Collect();
        var freed = Freed;
        if (freed != _freedAtTrim)
            _ = NativeHeap.Trim();
        _freedAtTrim = freed;
    }

    /// <summary>Frees everything that was retired, when nobody can be in any table any more.</summary>
    public void FreeAll()
    {
        Free(_waiting);
        Free(SlotTable.Of(_retired));
    }

    /// <summary>Frees what was waited for, when the wait is over, and begins to wait for what was retired since. Never blocks: who finds another
    /// thread at it leaves it to that.</summary>
    private void Collect()
    {
        if (Interlocked.Exchange(ref _collecting, 1) != 0)
            return;
        try
        {
            if (_waiting == default || (_knowsStays && AllHaveLeft()))
                WaitForNext();
            if (_waiting != default && !_knowsStays)
            {
                // All of the garbage has left its shards. A thread that is in it has entered before this barrier, and its odd number is seen after it.
                Interlocked.MemoryBarrierProcessWide();
                _stays.CopyFirsts(_staysThen);
                _knowsStays = true;
            }
        }
        finally
        {
            // Releases the turn, also when memory ran out in it: whoever takes the next one sees what waits, and since when.
            Volatile.Write(ref _collecting, 0);
        }
    }

    private void WaitForNext()
    {
        Free(_waiting);
        _waiting = SlotTable.Of(Interlocked.Exchange(ref _retired, 0));
        _knowsStays = false;
        WaitingBytes = 0;
        for (var table = _waiting; table != default; table = table.NextRetired)
            WaitingBytes += table.Bytes;
        Interlocked.Add(ref _retiredBytes, -WaitingBytes);
    }

    /// <summary>Whether each thread that was in a table when the wait began has left since. The calling thread may be one of those that have not.</summary>
    private bool AllHaveLeft()
    {
        _stays.CopyFirsts(_staysNow);
        for (var thread = 0; thread < _staysThen.Count; thread++)
        {
            // Acquire, in CopyFirsts, pairs with the release in Leave: its thread's last look into the table lies before the change that is seen.
            if ((_staysThen[thread] & 1) != 0 && _staysNow[thread] == _staysThen[thread])
                return false;
        }

        return true;
    }

    private void Free(SlotTable table)
    {
        var freed = 0;
        for (; table != default; freed++)
        {
            var next = table.NextRetired;
            table.Free();
            table = next;
        }

        // One thread at a time: in a turn.
        Volatile.Write(ref _freed, _freed + freed);
    }
}
