using System.Numerics;
using System.Runtime.CompilerServices;

namespace CraftKit.Edge.Dedupe;

/// <summary>The window's tables, one a shard, and the rules by which they are claimed in and replaced.</summary>
/// <remarks>
/// A table that is full, or holds mostly expired keys, is sealed slot by slot, its live entries are copied to a new one, and that is
/// published in its place. One table a shard suffices: a claim succeeds only on a slot that is not sealed; all slots are sealed before
/// the copy, so the copy misses no claim; and whoever takes the new table reads the clock after its maker did, so what the maker left
/// out as expired is expired for him as well. Nobody waits for anybody: a claimer that meets a seal makes the replacement itself, and
/// the swap of the shard decides whose stands.
/// </remarks>
internal sealed class Shards
{
    private readonly TimeProvider _clock;
    private readonly long _window;
    private readonly WindowShape _shape;
    private readonly ulong[] _tables;
    private readonly Reclamation _reclamation = new();
    private WindowCounters _counters;

    /// <summary>Shards without a key.</summary>
    /// <param name="clock">Its timestamps count 100 ns; they never go back.</param>
    /// <param name="window">How long a claim is live, 100 ns.</param>
    /// <param name="shape">How many shards, of what tables.</param>
    /// <exception cref="ArgumentException">The shape is none.</exception>
    public Shards(TimeProvider clock, long window, WindowShape shape)
    {
        if (!BitOperations.IsPow2(shape.Number) || shape.MinimumCapacity < 2)
            throw new ArgumentException("the number of shards is a power of two and a table has at least 2 slots", nameof(shape));
        _clock = clock;
        _window = window;
        _shape = shape;

        // All shards begin with the table of no slots, whose word is 0.
        _tables = new ulong[shape.Number];
    }

    /// <summary>Frees the tables: nobody has the window any more, and who worked in it kept it alive.</summary>
    ~Shards()
    {
        // Null when the constructor has thrown.
        foreach (var word in _tables ?? [])
            SlotTable.Of(word).Free();
        _reclamation?.FreeAll();
    }

    /// <summary>Number of shards.</summary>
    public int Number => _tables.Length;

    /// <summary>Keys in the tables, live or not.</summary>
    public long Keys => Volatile.Read(ref _counters.Keys);

    /// <summary>Bytes of tables that were replaced and still wait for the last thread to leave them.</summary>
    public long GarbageBytes => _reclamation.GarbageBytes;

    /// <summary>Tables that have slots.</summary>
    public long Tables => Volatile.Read(ref _counters.Tables);

    /// <summary>Tables that were replaced.</summary>
    public long Rebuilds => Volatile.Read(ref _counters.Rebuilds);

    /// <summary>Bytes that the shards take.</summary>
    public long Bytes => Volatile.Read(ref _counters.TableBytes) + ((long)_tables.Length * sizeof(ulong));

    /// <summary>The time by which claims are made: the clock's, moved so that a claim from before the boot is above 0.</summary>
    public long Now => _clock.GetTimestamp() + Slot.TimeOrigin;

    /// <inheritdoc cref="DedupeWindow.TryFindLive"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFindLive<TInterleaving>(in DedupeKey key, out long claimedAt, TInterleaving interleaving)
        where TInterleaving : struct, IInterleaving
    {
        ref var stay = ref _reclamation.Enter();
        interleaving.At(Step.TakeTable);

        // Acquire, as in Claim. The table is taken once: whoever had claimed the key before is found in it, sealed or not, and whoever
        // claims it in a successor does so while this call runs.
        var table = SlotTable.Of(Volatile.Read(ref ShardOf(key)));
        interleaving.At(Step.ReadClock);
        var found = table.TryFindLive(key.Fingerprint, Now, _window, interleaving, out var time);
        Reclamation.Leave(ref stay);
        GC.KeepAlive(this);
        claimedAt = found ? time - Slot.TimeOrigin : 0;
        return found;
    }

    /// <inheritdoc cref="DedupeWindow.Prefetch"/>
    /// <remarks>The table may be freed at any moment: a hint reads nothing, and is passed over where there is no memory any more.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(in DedupeKey key) => SlotTable.Of(Volatile.Read(ref ShardOf(key))).Prefetch(key.Fingerprint);

    /// <inheritdoc cref="DedupeWindow.Claim"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ClaimStatus Claim<TInterleaving>(in DedupeKey key, out long claimedAt, TInterleaving interleaving)
        where TInterleaving : struct, IInterleaving
    {
        ref var stay = ref _reclamation.Enter();
        ref var shard = ref ShardOf(key);
        while (true)
        {
            interleaving.At(Step.TakeTable);

            // Acquire, pairs with the swap in Replace: the new table's slots are seen as its maker filled them. And it keeps the clock
            // behind it: a time read before the table was taken may be older than its maker's, and an entry that expired in between,
            // which the maker left out, would be claimed again less than a window later by this time.
            var table = SlotTable.Of(Volatile.Read(ref shard));
            interleaving.At(Step.ReadClock);
            var now = Now;
            ref var slot = ref table.FindOrInsert(key.Fingerprint, interleaving, out var index, out var inserted);
            if (inserted)
                CountKey();
            if (!Unsafe.IsNullRef(ref slot))
            {
                while (true)
                {
                    interleaving.At(Step.ReadTime, table, index);
                    var seen = Volatile.Read(ref slot.Time);
                    var time = seen & ~Slot.Seal;
                    if (now - time < _window)
                    {
                        claimedAt = time - Slot.TimeOrigin;
                        Reclamation.Leave(ref stay);
                        GC.KeepAlive(this);
                        return ClaimStatus.Duplicate;
                    }

                    // Sealed and not live: the entry is lost to this table, and the successor decides.
                    if (seen < 0)
                        break;
                    interleaving.At(Step.SwapTime, table, index);

                    // The claim itself: of all who saw this word one succeeds. Whoever loses looks again, for it was lost to a claim, and
                    // then there is a duplicate, or to a seal, and then nobody has claimed.
                    if (Interlocked.CompareExchange(ref slot.Time, now, seen) == seen)
                    {
                        claimedAt = now - Slot.TimeOrigin;
                        Reclamation.Leave(ref stay);
                        GC.KeepAlive(this);
                        return ClaimStatus.Recorded;
                    }
                }
            }

            AwaitOrReplace(ref shard, table, interleaving);
        }
    }

    /// <inheritdoc cref="DedupeWindow.Restore"/>
    public void Restore(in DedupeKey key, long claimedAt)
    {
        ref var stay = ref _reclamation.Enter();
        ref var shard = ref ShardOf(key);
        while (true)
        {
            // The order of Claim, for the same reason.
            var table = SlotTable.Of(Volatile.Read(ref shard));
            var now = Now;
            if (claimedAt <= now - Slot.TimeOrigin - _window)
                break;
            ref var slot = ref table.FindOrInsert(key.Fingerprint, default(Uninterrupted), out _, out var inserted);
            if (inserted)
                CountKey();
            var raised = !Unsafe.IsNullRef(ref slot) && Raise(ref slot, Math.Min(now - Slot.TimeOrigin, claimedAt) + Slot.TimeOrigin);
            if (raised)
                break;
            AwaitOrReplace(ref shard, table, default(Uninterrupted));
        }

        Reclamation.Leave(ref stay);
        GC.KeepAlive(this);
    }

    /// <summary>Replaces a shard's table when at least one in <paramref name="share"/> of its keys has expired.</summary>
    /// <param name="shard">The shard's number.</param>
    /// <param name="share">1 or more.</param>
    /// <returns>Slots that were looked at, or written, for it: a measure of the time that it took.</returns>
    public int Purge(int shard, int share)
    {
        ref var stay = ref _reclamation.Enter();
        var effort = PurgeEntered(shard, share);
        Reclamation.Leave(ref stay);
        GC.KeepAlive(this);
        return effort;
    }

    /// <summary>The table that a shard has at the moment.</summary>
    /// <param name="shard">The shard's number.</param>
    public SlotTable TableOf(int shard) => SlotTable.Of(Volatile.Read(ref _tables[shard]));

    /// <summary>Sees to the memory of replaced tables; for the maintenance thread.</summary>
    public void Rest() => _reclamation.Rest(Bytes);

    /// <summary>Seals a shard's table and puts another with its live entries in its place, unless somebody else does.</summary>
    public void Rebuild<TInterleaving>(int shard, TInterleaving interleaving)
        where TInterleaving : struct, IInterleaving
    {
        ref var stay = ref _reclamation.Enter();
        interleaving.At(Step.TakeTable);
        Replace(ref _tables[shard], TableOf(shard), 0, interleaving);
        Reclamation.Leave(ref stay);
    }

    private int PurgeEntered(int shard, int share)
    {
        var table = TableOf(shard);
        if (table.Capacity == 0)
            return 1;

        // While others claim this is an estimate; what may really be left out is decided once the table is sealed.
        var (used, live) = table.Count(Now - _window);
        if (used > 0 && (used == live || (long)(used - live) * share < used))
            return table.Capacity;

        // Somebody else is at it already: then it will be done without us.
        if (!table.FirstToReplace())
            return table.Capacity;
        Replace(ref _tables[shard], table, 0, default(Uninterrupted));
        return table.Capacity * 4;
    }

    /// <summary>Makes the later of a slot's time and this one stand; false when the slot is sealed before.</summary>
    private static bool Raise(ref Slot slot, long time)
    {
        while (true)
        {
            var seen = Volatile.Read(ref slot.Time);
            if (seen < 0)
                return false;

            // As in Claim: against other claims of the key and against the seal.
            if (seen >= time || Interlocked.CompareExchange(ref slot.Time, time, seen) == seen)
                return true;
        }
    }

    /// <summary>Returns when the shard has another table than <paramref name="table"/>. Waits for no one: after a moment it makes the
    /// replacement itself, whatever became of the thread that began first.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AwaitOrReplace<TInterleaving>(ref ulong shard, SlotTable table, TInterleaving interleaving)
        where TInterleaving : struct, IInterleaving
    {
        interleaving.At(Step.BeginReplacement, table);

        // A table without slots is replaced in no time, and all shards share it.
        if (table.Capacity > 0 && !table.FirstToReplace())
        {
            for (var looks = _shape.Patience; looks > 0; looks--)
            {
                interleaving.At(Step.Await);
                if (Volatile.Read(ref shard) != table.Word)
                    return;
                Thread.SpinWait(10);
            }
        }

        Replace(ref shard, table, 1, interleaving);
    }

    private void Replace<TInterleaving>(ref ulong shard, SlotTable table, int room, TInterleaving interleaving)
        where TInterleaving : struct, IInterleaving
    {
        table.Seal(interleaving);

        // Before the new table is published, so that everyone who takes it reads a later time than this one: what is left out here as
        // expired is expired for him. After the seals for economy alone, an earlier time would leave less out.
        interleaving.At(Step.ReadClockToCopy);
        var now = Now;

        // Only now that the last slot is sealed: until then a claim could still succeed behind the copy's back, and be forgotten.
        SlotTable successor;
        int left;
        try
        {
            successor = table.CopyLive(now, _window, room, _shape.MinimumCapacity, interleaving, out left);
        }
        catch (OutOfMemoryException)
        {
            // The next one who meets the sealed table tries again. Nobody up the stack touches a table any more.
            table.LetReplace();
            _reclamation.LeaveByException();
            throw;
        }

        interleaving.At(Step.Publish);

        // Publishes the filled table to the acquiring reads of the shard. Of several replacements of one table one stands; to write
        // without comparing could put a copy of an old table over one in which keys were claimed since. The word that is compared means the
        // same table as when it was read: its memory is not freed, and so not given to another table, while this thread stays. Only the
        // table of no slots comes back. Nothing is lost then: a purge put it there with nothing live to keep, after a look at the clock that
        // whoever takes this successor looks at later still.
        if (Interlocked.CompareExchange(ref shard, successor.Word, table.Word) != table.Word)
        {
            // Nobody has seen it.
            successor.Free();
            return;
        }

        _counters.Replaced(table, successor, left);
        if (table.Capacity > 0)
            _reclamation.Retire(table, Bytes);
    }

    private ref ulong ShardOf(in DedupeKey key) => ref _tables[(int)key.Shard & (_tables.Length - 1)];

    // Atomic so that none is missed; it orders nothing. The replacement of the table takes off what it leaves behind.
    private void CountKey() => Interlocked.Increment(ref _counters.Keys);
}
