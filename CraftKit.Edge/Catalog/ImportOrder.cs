using CraftKit.Edge.Metrics;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Catalog;

/// <summary>Sorts the renders of an import by id, so that they meet the database's pages one after the other, and equal ids are
/// neighbours.</summary>
internal sealed class ImportOrder : IDisposable
{
    /// <summary>Comparisons that are made in one turn (<see cref="EventTraffic"/>).</summary>
    private const int TurnComparisons = 8192;

    private readonly ImportBatch _batch;
    private readonly EventTraffic? _traffic;
    private readonly PooledList<Key> _keys = new();
    private int _comparisons;

    private ImportOrder(ImportBatch batch, EventTraffic? traffic)
    {
        _batch = batch;
        _traffic = traffic;
    }

    /// <summary>Number of renders.</summary>
    public int Count => _keys.Count;

    /// <summary>The index, in the batch, of the render that comes in this place.</summary>
    public int this[int place] => _keys.Items[place].Index;

    /// <summary>Brings a batch's renders into the order of their ids; those of one id into the order of their lines.</summary>
    /// <remarks>The order is the database's, but for ids that are no UUIDs: those come after the UUIDs.</remarks>
    /// <param name="batch">The renders.</param>
    /// <param name="traffic">What it gives way to; null for nothing.</param>
    public static ImportOrder Of(ImportBatch batch, EventTraffic? traffic)
    {
        var order = new ImportOrder(batch, traffic);
        var entries = batch.Renders.Entries;
        var keys = order._keys.AddRoom(entries.Length);
        for (var i = 0; i < keys.Length; i++)
            keys[i] = new Key(entries[i].Id, i);
        if (!order.IsSorted(keys))
            keys.Sort(order.Compare);
        return order;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _keys.Dispose();

    private int Compare(Key x, Key y)
    {
        if (++_comparisons % TurnComparisons == 0)
            _traffic?.GiveWay();
        var (left, right) = (x.Id, y.Id);
        var order = (right.Form == PackedId.Uuid).CompareTo(left.Form == PackedId.Uuid);
        if (order == 0)
            order = left.IsLong || right.IsLong ? CompareTexts(left, right) : CompareWords(left, right);
        return order != 0 ? order : x.Index - y.Index;
    }

    /// <summary>Compares ids of one kind like their texts: the words are in network order, and end in zeros where a text is shorter.</summary>
    private static int CompareWords(PackedId left, PackedId right) =>
        left.High != right.High ? left.High.CompareTo(right.High) : left.Low.CompareTo(right.Low);

    private int CompareTexts(PackedId left, PackedId right)
    {
        Span<byte> leftText = stackalloc byte[CatalogId.MaxLength], rightText = stackalloc byte[CatalogId.MaxLength];
        var text = _batch.Renders.Text;
        return leftText[..left.Unpack(text, leftText)].SequenceCompareTo(rightText[..right.Unpack(text, rightText)]);
    }

    private bool IsSorted(ReadOnlySpan<Key> keys)
    {
        for (var i = 1; i < keys.Length; i++)
        {
            if (Compare(keys[i - 1], keys[i]) > 0)
                return false;
        }

        return true;
    }

    private readonly record struct Key(PackedId Id, int Index);
}
