namespace CraftKit.Edge.Catalog;

/// <summary>Makes a shard out of an older one and changes; its buffers are used again for the next shard.</summary>
internal sealed class RenderShardBuilder(ulong seed) : IDisposable
{
    private readonly RenderList _renders = new();
    private uint[] _slots = new uint[1];
    private int _slotCount = 1;

    /// <summary>Gives its memory back.</summary>
    public void Dispose() => _renders.Dispose();

    /// <summary>Empties the builder.</summary>
    /// <param name="expected">The most renders, counting those put and taken away, that are to come.</param>
    public void Begin(int expected)
    {
        _renders.Clear();
        _slotCount = RenderSlots.SizeFor(expected);
        if (_slots.Length < _slotCount)
            _slots = new uint[_slotCount];
        _slots.AsSpan(0, _slotCount).Clear();
    }

    /// <summary>Puts a render in, or takes away the one with its id when its project is 0.</summary>
    /// <param name="entry">The render.</param>
    /// <param name="text">Where its long ids stand.</param>
    /// <param name="hash">The hash of its id.</param>
    public void Put(in RenderEntry entry, ReadOnlySpan<byte> text, ulong hash)
    {
        var id = entry.Id;
        var slots = _slots.AsSpan(0, _slotCount);
        var index = RenderSlots.Find(slots, _renders.Entries, _renders.Text, id, id.IsLong ? id.LongText(text) : default, hash);
        if (index >= 0)
        {
            _renders.Set(index, entry, text);
        }
        else if (entry.Project != 0)
        {
            RenderSlots.Insert(slots, hash, _renders.Count);
            _renders.Add(entry, text);
        }
    }

    /// <summary>The shard with all renders that were not taken away.</summary>
    public RenderShard Build()
    {
        int count = 0, textLength = 0;
        foreach (ref readonly var entry in _renders.Entries)
        {
            if (entry.Project == 0)
                continue;
            count++;
            textLength += (entry.Id.IsLong ? entry.Id.Length : 0) + (entry.Share.IsLong ? entry.Share.Length : 0);
        }

        if (count == 0)
            return RenderShard.Empty;
        var entries = GC.AllocateUninitializedArray<RenderEntry>(count, pinned: true);
        var text = textLength == 0 ? [] : GC.AllocateUninitializedArray<byte>(textLength, pinned: true);
        count = textLength = 0;
        foreach (ref readonly var entry in _renders.Entries)
        {
            if (entry.Project != 0)
                entries[count++] = new RenderEntry(Move(entry.Id, text, ref textLength), Move(entry.Share, text, ref textLength), entry.Project);
        }

        return new RenderShard(entries, text, seed);
    }

    private PackedId Move(PackedId id, byte[] text, ref int length)
    {
        if (!id.IsLong)
            return id;
        id.LongText(_renders.Text).CopyTo(text.AsSpan(length));
        length += id.Length;
        return id.At(length - id.Length);
    }
}
