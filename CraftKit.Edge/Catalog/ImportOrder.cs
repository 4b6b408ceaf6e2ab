using CraftKit.Edge.Metrics;

namespace CraftKit.Edge.Catalog;

/// <summary>Sorts the renders of an import by id, so that they meet the database's pages one after the other, and equal ids are
/// neighbours.</summary>
internal sealed class ImportOrder : IComparer<ImportOrder.Key>
{
    /// <summary>Comparisons that are made in one turn (<see cref="EventTraffic"/>).</summary>
    private const int TurnComparisons = 8192;

    private readonly ImportBatch _batch;
    private readonly EventTraffic? _traffic;
    private int _comparisons;

    private ImportOrder(ImportBatch batch, EventTraffic? traffic)
    {
        _batch = batch;
        _traffic = traffic;
    }

    /// <summary>The indexes of the batch's renders in the order of their ids; of one id in the order of the lines.</summary>
    /// <remarks>The order is the database's, but for ids that are no UUIDs: those come after the UUIDs.</remarks>
    /// <param name="batch">The renders.</param>
    /// <param name="traffic">What it gives way to; null for nothing.</param>
    public static int[] Of(ImportBatch batch, EventTraffic? traffic)
    {
        var entries = batch.Renders.Entries;
        var keys = new Key[entries.Length];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = new Key(entries[i].Id, i);
        var order = new ImportOrder(batch, traffic);
        if (!order.IsSorted(keys))
            keys.AsSpan().Sort(order.Compare);
        return Array.ConvertAll(keys, key => key.Index);
    }

    public int Compare(Key x, Key y)
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

    private bool IsSorted(Key[] keys)
    {
        for (var i = 1; i < keys.Length; i++)
        {
            if (Compare(keys[i - 1], keys[i]) > 0)
                return false;
        }

        return true;
    }

    internal readonly record struct Key(PackedId Id, int Index);
}
