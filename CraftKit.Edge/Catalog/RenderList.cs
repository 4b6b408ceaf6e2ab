using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Catalog;

/// <summary>Renders one after the other, packed, with the text of their long ids. Grows; may be emptied and filled again.</summary>
internal sealed class RenderList : IDisposable
{
    /// <summary>What is kept of each of the two lists, bytes: enough for a shard.</summary>
    private const int Kept = 128 * 1024;

    private readonly PooledList<RenderEntry> _entries = new();
    private readonly PooledList<byte> _text = new();

    public int Count => _entries.Count;

    public ReadOnlySpan<RenderEntry> Entries => _entries.Items;

    /// <summary>The long ids that the entries point to.</summary>
    public ReadOnlySpan<byte> Text => _text.Items;

    /// <summary>Adds a render by its ids as text, 1 to 64 bytes, the share's 0 to 64.</summary>
    public void Add(ReadOnlySpan<byte> id, ReadOnlySpan<byte> share, int project) =>
        Add(Keep(PackedId.Pack(id), id), share.IsEmpty ? default : Keep(PackedId.Pack(share), share), project);

    /// <summary>Adds an entry whose long ids stand in <paramref name="text"/>.</summary>
    public void Add(in RenderEntry entry, ReadOnlySpan<byte> text) => Add(Move(entry.Id, text), Move(entry.Share, text), entry.Project);

    /// <summary>Puts an entry whose long ids stand in <paramref name="text"/> in the place of another one.</summary>
    public void Set(int index, in RenderEntry entry, ReadOnlySpan<byte> text) =>
        _entries.Items[index] = new RenderEntry(Move(entry.Id, text), Move(entry.Share, text), entry.Project);

    /// <summary>Empties the list. Buffers of an ordinary size are used again; those of a bulk go.</summary>
    public void Clear()
    {
        _entries.Clear(Kept);
        _text.Clear(Kept);
    }

    /// <summary>Gives all memory back; the list is empty.</summary>
    public void Dispose()
    {
        _entries.Dispose();
        _text.Dispose();
    }

    private PackedId Move(PackedId id, ReadOnlySpan<byte> text) => id.IsLong ? Keep(id, id.LongText(text)) : id;

    private PackedId Keep(PackedId id, ReadOnlySpan<byte> longText)
    {
        if (!id.IsLong)
            return id;
        longText.CopyTo(_text.AddRoom(longText.Length));
        return id.At(_text.Count - longText.Length);
    }

    private void Add(PackedId id, PackedId share, int project) => _entries.Add(new RenderEntry(id, share, project));
}
