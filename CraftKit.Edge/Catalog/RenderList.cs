namespace CraftKit.Edge.Catalog;

/// <summary>Renders one after the other, packed, with the text of their long ids. Grows; may be emptied and filled again.</summary>
internal sealed class RenderList
{
    private const int LargestKept = 64 * 1024;

    private RenderEntry[] _entries = new RenderEntry[256];
    private byte[] _text = [];
    private int _textLength;

    public int Count { get; private set; }

    public ReadOnlySpan<RenderEntry> Entries => _entries.AsSpan(0, Count);

    /// <summary>The long ids that the entries point to.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _textLength);

    /// <summary>Adds a render by its ids as text, 1 to 64 bytes, the share's 0 to 64.</summary>
    public void Add(ReadOnlySpan<byte> id, ReadOnlySpan<byte> share, int project) =>
        Add(Keep(PackedId.Pack(id), id), share.IsEmpty ? default : Keep(PackedId.Pack(share), share), project);

    /// <summary>Adds an entry whose long ids stand in <paramref name="text"/>.</summary>
    public void Add(in RenderEntry entry, ReadOnlySpan<byte> text) => Add(Move(entry.Id, text), Move(entry.Share, text), entry.Project);

    /// <summary>Puts an entry whose long ids stand in <paramref name="text"/> in the place of another one.</summary>
    public void Set(int index, in RenderEntry entry, ReadOnlySpan<byte> text) =>
        _entries[index] = new RenderEntry(Move(entry.Id, text), Move(entry.Share, text), entry.Project);

    /// <summary>Empties the list. Buffers of an ordinary size are used again; those of a bulk go.</summary>
    public void Clear()
    {
        Count = 0;
        _textLength = 0;
        if (_entries.Length > LargestKept)
            _entries = new RenderEntry[256];
        if (_text.Length > LargestKept)
            _text = [];
    }

    private PackedId Move(PackedId id, ReadOnlySpan<byte> text) => id.IsLong ? Keep(id, id.LongText(text)) : id;

    private PackedId Keep(PackedId id, ReadOnlySpan<byte> longText)
    {
        if (!id.IsLong)
            return id;
        if (_text.Length - _textLength < longText.Length)
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _textLength + 1024));
        longText.CopyTo(_text.AsSpan(_textLength));
        _textLength += longText.Length;
        return id.At(_textLength - longText.Length);
    }

    private void Add(PackedId id, PackedId share, int project)
    {
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);
        _entries[Count++] = new RenderEntry(id, share, project);
    }
}
