using System.Runtime.CompilerServices;

namespace CraftKit.Edge.Catalog;

/// <summary>Some hundreds of renders, found by the hash of their ids. Immutable.</summary>
/// <remarks>
/// An open-addressing table of 32-bit slots points into the entries: the upper half of a slot is a piece of the hash, so that an
/// entry is hardly ever looked at in vain (it is what a lookup waits for memory for); the lower half is the entry's index plus 1, or
/// 0 in an empty slot. About 48 bytes a render whose ids are UUIDs.
/// The arrays are pinned: a bulk of renders makes most shards anew, 40 MB of them, and a collection that moved those would stop the socket threads
/// for 5 to 10 ms.
/// </remarks>
internal sealed class RenderShard
{
    /// <summary>The most renders in a shard; a slot could not point to more.</summary>
    public const int MaxCount = ushort.MaxValue - 1;

    public static readonly RenderShard Empty = new([], [], 0);

    private readonly RenderEntry[] _entries;
    private readonly byte[] _text;
    private readonly uint[] _slots;

    /// <summary>Takes the arrays over, which should be pinned.</summary>
    public RenderShard(RenderEntry[] entries, byte[] text, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries.Length, MaxCount);
        _entries = entries;
        _text = text;
        _slots = GC.AllocateArray<uint>(RenderSlots.SizeFor(entries.Length), pinned: true);
        for (var i = 0; i < entries.Length; i++)
        {
            var id = entries[i].Id;
            RenderSlots.Insert(_slots, id.Hash(id.IsLong ? id.LongText(text) : default, seed), i);
        }
    }

    public ReadOnlySpan<RenderEntry> Entries => _entries;

    /// <summary>The long ids that the entries point to.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>The index of the render with this id; -1 when it is not here.</summary>
    /// <param name="id">The id, packed.</param>
    /// <param name="longText">Its text when it is long.</param>
    /// <param name="hash">Its hash.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(PackedId id, ReadOnlySpan<byte> longText, ulong hash) => RenderSlots.Find(_slots, _entries, _text, id, longText, hash);
}
