using System.Buffers;
using System.Runtime.CompilerServices;

namespace CraftKit.Edge.Platform;

/// <summary>A list whose memory comes from the process's pool of arrays and goes back there: what a bulk needs for a moment would otherwise be as
/// much garbage each time, which the collector counts among what is old.</summary>
/// <remarks>Whoever empties or disposes of it may look at nothing that <see cref="Items"/> gave before.</remarks>
internal sealed class PooledList<T> : IDisposable
    where T : unmanaged
{
    private const int LeastBytes = 4096;

    /// <summary>Larger arrays, for more renders than a bulk may have, are hardly needed but at the start of the process, and would lie in the pool for nobody.</summary>
    private const int MostBytesPooled = 16 << 20;

    private T[] _items = [];

    /// <summary>Number of items.</summary>
    public int Count { get; private set; }

    /// <summary>The items, until the next change.</summary>
    public Span<T> Items => _items.AsSpan(0, Count);

    /// <summary>Adds one.</summary>
    public void Add(in T item)
    {
        if (Count == _items.Length)
            Grow(Count + 1);
        _items[Count++] = item;
    }

    /// <summary>Makes room for more items behind the others.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The room, with whatever is in it.</returns>
    public Span<T> AddRoom(int count)
    {
        if (count > _items.Length - Count)
            Grow(Count + count);
        Count += count;
        return _items.AsSpan(Count - count, count);
    }

    /// <summary>Takes all items out.</summary>
    /// <param name="keepsBytes">So much memory is kept for the next ones; more goes back to the pool.</param>
    public void Clear(int keepsBytes)
    {
        Count = 0;
        if (BytesOf(_items) > keepsBytes)
            Dispose();
    }

    /// <summary>Gives the memory back; the list is empty and may be filled again.</summary>
    public void Dispose()
    {
        Return(_items);
        (_items, Count) = ([], 0);
    }

    private static long BytesOf(T[] items) => (long)items.Length * Unsafe.SizeOf<T>();

    private static void Return(T[] items)
    {
        if (items.Length > 0 && BytesOf(items) <= MostBytesPooled)
            ArrayPool<T>.Shared.Return(items);
    }

    private void Grow(int least)
    {
        var length = Math.Max(least, Math.Max(_items.Length * 2, LeastBytes / Unsafe.SizeOf<T>()));

        // The pool gives arrays of powers of two: what it might give must not be more than what it gets back.
        var larger = (long)length * Unsafe.SizeOf<T>() <= MostBytesPooled / 2
            ? ArrayPool<T>.Shared.Rent(length)
            : GC.AllocateUninitializedArray<T>(length);
        Items.CopyTo(larger);
        Return(_items);
        _items = larger;
    }
}
