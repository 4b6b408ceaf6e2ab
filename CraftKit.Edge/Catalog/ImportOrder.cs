namespace CraftKit.Edge.Catalog;

/// <summary>Sorts the renders of an import by id, so that they meet the database's pages one after the other, and equal ids are
/// neighbours.</summary>
internal sealed class ImportOrder : IComparer<ImportOrder.Key>
{
    private readonly ImportBatch _batch;

    private ImportOrder(ImportBatch batch) => _batch = batch;

    /// <summary>The indexes of the batch's renders in the order of their ids; of one id in the order of the lines.</summary>
    /// <remarks>The order is the database's, but for ids that are no UUIDs: those come after the UUIDs.</remarks>
    public static int[] Of(ImportBatch batch)
    {
        var entries = batch.Renders.Entries;
        var keys = new Key[entries.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            var id = entries[i].Id;
            keys[i] = new Key(id.High, id.Low, i, id.Form);
        }

        var order = new ImportOrder(batch);
        if (!order.IsSorted(keys))
            keys.AsSpan().Sort(order.Compare);
        return Array.ConvertAll(keys, key => key.Index);
    }

    public int Compare(Key x, Key y)
    {
        if (x.Form == PackedId.Uuid && y.Form == PackedId.Uuid)
        {
            var order = x.High != y.High ? x.High.CompareTo(y.High) : x.Low.CompareTo(y.Low);
            return order != 0 ? order : x.Index - y.Index;
        }

        return CompareTexts(x, y);
    }

    private int CompareTexts(Key x, Key y)
    {
        if (x.Form == PackedId.Uuid || y.Form == PackedId.Uuid)
            return x.Form == PackedId.Uuid ? -1 : 1;
        Span<byte> left = stackalloc byte[CatalogId.MaxLength], right = stackalloc byte[CatalogId.MaxLength];
        var order = Text(x, left).SequenceCompareTo(Text(y, right));
        return order != 0 ? order : x.Index - y.Index;
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

    private ReadOnlySpan<byte> Text(Key key, Span<byte> buffer) =>
        buffer[.._batch.Renders.Entries[key.Index].Id.Unpack(_batch.Renders.Text, buffer)];

    internal readonly record struct Key(ulong High, ulong Low, int Index, byte Form);
}
