using System.Numerics;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Catalog;

/// <summary>All renders: a root over many small shards, both immutable. Changes make a new root, which shares with the old one every
/// shard that they do not touch.</summary>
internal sealed class RenderIndex
{
    /// <summary>Shards are split when they hold more than this on average: copying one stays a matter of microseconds, and a
    /// shard's own size is far from <see cref="RenderShard.MaxCount"/>.</summary>
    private const int AverageCount = 1024;

    /// <summary>Shards that are made in one turn (<see cref="EventTraffic"/>).</summary>
    private const int TurnShards = 4;

    private readonly RenderShard[] _shards;
    private readonly int _shift;
    private readonly ulong _seed;

    private RenderIndex(RenderShard[] shards, ulong seed, int count)
    {
        _shards = shards;
        _shift = ShiftOf(shards.Length);
        _seed = seed;
        Count = count;
    }

    /// <summary>The number of renders.</summary>
    public int Count { get; }

    /// <summary>An index without renders.</summary>
    /// <param name="seed">Random, so that nobody can choose ids that meet in one place.</param>
    public static RenderIndex Empty(ulong seed) => new([RenderShard.Empty], seed, 0);

    /// <summary>Finds a render; allocates nothing.</summary>
    /// <param name="project">The project that it has to be of.</param>
    /// <param name="id">Its id, of any length and content.</param>
    /// <param name="share">Takes its share: at least 64 bytes.</param>
    /// <param name="shareLength">The length of the share; 0 without one.</param>
    public bool TryFind(int project, ReadOnlySpan<byte> id, Span<byte> share, out int shareLength)
    {
        shareLength = 0;
        if (id.Length is 0 or > CatalogId.MaxLength)
            return false;
        var packed = PackedId.Pack(id);
        var hash = packed.Hash(id, _seed);
        var shard = _shards[(int)(hash >> 1 >> _shift)];
        var index = shard.Find(packed, id, hash);
        if (index < 0)
            return false;
        ref readonly var entry = ref shard.Entries[index];
        if (entry.Project != project)
            return false;
        shareLength = entry.Share.Unpack(shard.Text, share);
        return true;
    }

    /// <summary>The index after changes.</summary>
    /// <param name="changes">Renders to put in, or to take away by their ids (project 0); of one id the last one counts.</param>
    /// <param name="traffic">What it gives way to; null for nothing.</param>
    public RenderIndex Apply(RenderList changes, EventTraffic? traffic = null)
    {
        if (changes.Count == 0)
            return this;
        var shards = new RenderShard[Math.Max(_shards.Length, ShardsFor(Count + changes.Count))];
        var split = BitOperations.Log2((uint)(shards.Length / _shards.Length));
        using var hashes = new PooledList<ulong>();
        using var order = new PooledList<int>();
        var ends = Distribute(changes, shards.Length, hashes.AddRoom(changes.Count), order.AddRoom(changes.Count));
        using var builder = new RenderShardBuilder(_seed);
        int count = 0, start = 0, made = 0;
        for (var i = 0; i < shards.Length; i++)
        {
            var old = _shards[i >> split];
            if (split == 0 && ends[i] == start)
            {
                shards[i] = old;
            }
            else
            {
                shards[i] = Rebuild(builder, old, i, ShiftOf(shards.Length), changes, order.Items[start..ends[i]], hashes.Items);
                if (++made % TurnShards == 0)
                    traffic?.GiveWay();
            }

            count += shards[i].Entries.Length;
            start = ends[i];
        }

        return new RenderIndex(shards, _seed, count);
    }

    private RenderShard Rebuild(
        RenderShardBuilder builder, RenderShard old, int shard, int shift, RenderList changes, ReadOnlySpan<int> order, ReadOnlySpan<ulong> hashes)
    {
        builder.Begin(old.Entries.Length + order.Length);
        foreach (ref readonly var entry in old.Entries)
        {
            var hash = HashOf(entry.Id, old.Text);
            if ((int)(hash >> 1 >> shift) == shard)
                builder.Put(entry, old.Text, hash);
        }

        foreach (var index in order)
            builder.Put(changes.Entries[index], changes.Text, hashes[index]);
        return builder.Build();
    }

    /// <summary>Sorts changes by shard, keeping the order of those of one shard.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="shardCount">Number of shards.</param>
    /// <param name="hashes">Takes a hash a change.</param>
    /// <param name="order">Takes the changes' indexes, sorted.</param>
    /// <returns>Where each shard's changes end.</returns>
    private int[] Distribute(RenderList changes, int shardCount, Span<ulong> hashes, Span<int> order)
    {
        var entries = changes.Entries;
        var shift = ShiftOf(shardCount);
        var ends = new int[shardCount];
        for (var i = 0; i < entries.Length; i++)
        {
            hashes[i] = HashOf(entries[i].Id, changes.Text);
            ends[(int)(hashes[i] >> 1 >> shift)]++;
        }

        // The ends move down to the starts while the places are given out from the last change to the first.
        for (var i = 1; i < shardCount; i++)
            ends[i] += ends[i - 1];
        var places = (int[])ends.Clone();
        for (var i = entries.Length - 1; i >= 0; i--)
            order[--places[(int)(hashes[i] >> 1 >> shift)]] = i;
        return ends;
    }

    private ulong HashOf(PackedId id, ReadOnlySpan<byte> text) => id.Hash(id.IsLong ? id.LongText(text) : default, _seed);

    private static int ShardsFor(int count) => (int)BitOperations.RoundUpToPowerOf2((uint)((count + AverageCount - 1) / AverageCount));

    // Of the hash shifted by 1 already: one shard alone would need a shift by 64, which is none.
    private static int ShiftOf(int shardCount) => 63 - BitOperations.Log2((uint)shardCount);
}
