using System.Runtime.CompilerServices;

namespace CraftKit.Edge.Platform;

/// <summary>Counters in which any thread counts without a lock, an atomic instruction, or a cache line that another thread writes: each thread
/// has cells of its own, and who wants to know adds them up.</summary>
/// <remarks>
/// Cells are found by the thread's managed id. The runtime gives ids of threads that have ended to new ones, so there are as many cells as
/// there ever were threads at once, and what a thread has counted stays, in the cells that its successor goes on with.
/// A cell has one writer at any time: its thread. Hence a plain increment loses nothing, and since 64 aligned bits are written whole, a reader
/// sees the value before it or after it. Two cells are not read at one moment: their sums may be a few requests apart.
/// </remarks>
internal sealed class ThreadCells(int length)
{
    /// <summary>Before and behind the cells lie 128 bytes that nobody writes, for processors that fetch lines in pairs: neither another thread's
    /// cells nor any other object shares a line with them, wherever the collector puts them.</summary>
    private const int Padding = 128 / sizeof(long);

    private readonly Lock _adding = new();
    private long[]?[] _byThread = [];

    /// <summary>The calling thread's cells, to be incremented at once and not kept. Allocates when the thread counts for the first time.</summary>
    public Span<long> Mine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MyCells.AsSpan(Padding, length);
    }

    /// <summary>The first of the calling thread's cells, which stays its own for as long as the thread lives.</summary>
    public ref long MyFirst
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref MyCells[Padding];
    }

    private long[] MyCells
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            // Plain reads suffice. An entry for this id was set by this thread, or by one that had ended before the id was given on, which
            // the runtime orders by its own lock. An old array that has no entry yet leads to Add, which looks again under the lock.
            var byThread = _byThread;
            var thread = Environment.CurrentManagedThreadId;
            return ((uint)thread < (uint)byThread.Length ? byThread[thread] : null) ?? Add(thread);
        }
    }

    /// <summary>What all threads have counted in a cell.</summary>
    public long Sum(int cell)
    {
        var sum = 0L;
        foreach (ref var entry in Published().AsSpan())
        {
            if (Volatile.Read(ref entry) is { } cells)
                sum += Volatile.Read(ref cells[Padding + cell]);
        }

        return sum;
    }

    /// <summary>Writes what all threads have counted into <paramref name="sums"/>: of as many cells from <paramref name="first"/> on.</summary>
    public void Sum(int first, Span<long> sums)
    {
        sums.Clear();
        foreach (ref var entry in Published().AsSpan())
        {
            if (Volatile.Read(ref entry) is not { } cells)
                continue;
            var counted = cells.AsSpan(Padding + first, sums.Length);
            for (var i = 0; i < counted.Length; i++)
                sums[i] += Volatile.Read(ref counted[i]);
        }
    }

    /// <summary>Writes the first cell of every thread into <paramref name="firsts"/>, by the thread's number; 0 where no thread has counted.</summary>
    public void CopyFirsts(List<long> firsts)
    {
        firsts.Clear();
        foreach (ref var entry in Published().AsSpan())
            firsts.Add(Volatile.Read(ref entry) is { } cells ? Volatile.Read(ref cells[Padding]) : 0);
    }

    // Acquire, here and for the entries: pairs with the releasing writes in Add, so that the cells behind a reference are seen zeroed. Of a cell
    // itself nothing hangs on the order; it is read as volatile so that every look takes its newest value, and sums never go back.
    private long[]?[] Published() => Volatile.Read(ref _byThread);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long[] Add(int thread)
    {
        lock (_adding)
        {
            var byThread = _byThread;
            if (thread >= byThread.Length)
            {
                Array.Resize(ref byThread, Math.Max(thread + 1, byThread.Length * 2));
                Volatile.Write(ref _byThread, byThread);
            }

            if (byThread[thread] is { } known)
                return known;
            var cells = new long[Padding + length + Padding];
            Volatile.Write(ref byThread[thread], cells);
            return cells;
        }
    }
}
