using System.Numerics;
using System.Runtime.CompilerServices;

namespace CraftKit.Edge.Catalog;

/// <summary>The hash table over the entries of a shard, with linear probing; see <see cref="RenderShard"/> for a slot.</summary>
internal static class RenderSlots
{
    private const uint HashPart = 0xFFFF_0000;

    /// <summary>The number of slots, a power of two, so that at most three quarters are taken and one is always empty.</summary>
    public static int SizeFor(int count) => (int)BitOperations.RoundUpToPowerOf2((uint)(count + (count / 3) + 1));

    /// <summary>Points a slot to the entry at <paramref name="index"/>, whose id is not there yet.</summary>
    public static void Insert(Span<uint> slots, ulong hash, int index)
    {
        var position = (int)hash & (slots.Length - 1);
        while (slots[position] != 0)
            position = (position + 1) & (slots.Length - 1);
        slots[position] = ((uint)hash & HashPart) | (uint)(index + 1);
    }

    /// <summary>The index of the entry with this id; -1 when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Find(
        ReadOnlySpan<uint> slots, ReadOnlySpan<RenderEntry> entries, ReadOnlySpan<byte> text, PackedId id, ReadOnlySpan<byte> longText, ulong hash)
    {
        var position = (int)hash & (slots.Length - 1);
        while (slots[position] is var slot and not 0)
        {
            if (((slot ^ (uint)hash) & HashPart) == 0)
            {
                var index = (int)(slot & ~HashPart) - 1;
                if (IsSame(entries[index].Id, text, id, longText))
                    return index;
            }

            position = (position + 1) & (slots.Length - 1);
        }

        return -1;
    }

    private static bool IsSame(PackedId stored, ReadOnlySpan<byte> text, PackedId id, ReadOnlySpan<byte> longText) =>
        id.IsLong ? stored.Form == id.Form && stored.LongText(text).SequenceEqual(longText) : stored == id;
}
