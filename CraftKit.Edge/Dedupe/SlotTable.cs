using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace CraftKit.Edge.Dedupe;

/// <summary>One shard's keys: open addressing with linear probing over slots of 16 bytes.</summary>
/// <remarks>
/// A table lives through three states and never goes back: open, being sealed, sealed. While it is open, claimers put fingerprints into
/// empty slots and compete for their time words. Sealing visits every slot; a sealed slot never changes again, so a table whose slots
/// are all sealed is a constant that anyone may copy from. Nothing is ever taken out of a table: what has expired is left behind when
/// the table is replaced.
/// <para>A table is one block of native memory, and this value all that has to be known of it: where the block is and how many slots it has,
/// in the one word that a shard swaps. Whoever has read the shard thus knows the address of the slot; an object in between, as the collector's
/// heap would have it, is one more place that is in no cache. The block comes zeroed at a fraction of what pinned arrays of this size cost. It is
/// freed by <see cref="Reclamation"/> once it was replaced, or by <see cref="Shards"/> at the window's end. Who works in a table therefore
/// stays between <see cref="Reclamation.Enter"/> and <see cref="Reclamation.Leave"/>, and keeps the window alive.</para>
/// <code>
/// word:  63..20 address of the block, in units of 16 bytes; 19..0 number of slots. 0 is the table of no slots.
/// block: offset size  meaning
///             0    4  slots taken
///             4    4  1 once somebody replaces the table
///             8    8  word of the table that was retired before this one
///            16    -  slots
/// </code>
/// </remarks>
internal readonly unsafe record struct SlotTable
{
    /// <summary>The most slots that a table can have.</summary>
    public const int MaxCapacity = (1 << CapacityBits) - 1;

    /// <summary>Bytes of a table besides its slots: its head, and what the allocator puts before it.</summary>
    public const int Overhead = 32;

    private const int CapacityBits = 20, AlignmentBits = 4;

    private readonly ulong _word;

    /// <summary>An open table of <paramref name="capacity"/> empty slots; one of 0 slots is full from the start and costs no memory.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for it, or it has over <see cref="MaxCapacity"/> slots.</exception>
    public SlotTable(int capacity)
    {
        if (capacity == 0)
            return;
        if (capacity > MaxCapacity)
            throw new InsufficientMemoryException($"a shard has room for {MaxCapacity} keys, {capacity} were asked for");
        var address = (ulong)NativeMemory.AllocZeroed((nuint)sizeof(Head) + ((nuint)capacity * Slot.Size));

        // What 64-bit systems give to a program lies below 2^47, and any allocation of this size on a multiple of 16.
        if (address >> (64 - CapacityBits + AlignmentBits) != 0 || (address & ((1 << AlignmentBits) - 1)) != 0)
        {
            NativeMemory.Free((void*)address);
            throw new InsufficientMemoryException($"the address {address:x} cannot be kept beside a table's capacity");
        }

        _word = (address << (CapacityBits - AlignmentBits)) | (uint)capacity;
    }

    private SlotTable(ulong word) => _word = word;

    /// <summary>The table as a shard keeps it.</summary>
    public ulong Word => _word;

    /// <summary>Number of slots.</summary>
    public int Capacity => (int)_word & MaxCapacity;

    /// <summary>Bytes of memory that the table takes.</summary>
    public long Bytes => Capacity == 0 ? 0 : ((long)Capacity * Slot.Size) + Overhead;

    /// <summary>The table that was retired before this one, which must have slots; <see cref="Reclamation"/>'s.</summary>
    public SlotTable NextRetired
    {
        get => new(Block->NextRetired);
        set => Block->NextRetired = value._word;
    }

    // From here on a table is replaced rather than filled.
    private int Limit => (int)(Capacity * 4L / 5);

    private Head* Block => (Head*)((_word >> (CapacityBits - AlignmentBits)) & ~((1UL << AlignmentBits) - 1));

    /// <summary>A slot, 0 to <see cref="Capacity"/> - 1; valid until the caller leaves the tables.</summary>
    public ref Slot this[int index] => ref ((Slot*)(Block + 1))[index];

    /// <summary>The table that a shard has.</summary>
    public static SlotTable Of(ulong word) => new(word);

    /// <summary>Frees the memory: no thread is in the table any more, and none can get there.</summary>
    public void Free() => NativeMemory.Free(Block);

    /// <summary>Whether the caller is the first who wants to replace this table. The others should give it a moment.</summary>
    /// <remarks>Only a hint against doing the work twice; it publishes nothing, and whoever loses patience goes ahead all the
    /// same.</remarks>
    public bool FirstToReplace() =>
        // A table of no slots takes no work, and all shards share it.
        Capacity == 0 || Interlocked.Exchange(ref Block->Replacing, 1) == 0;

    /// <summary>Takes <see cref="FirstToReplace"/> back: its caller could not make the replacement.</summary>
    public void LetReplace()
    {
        if (Capacity > 0)
            Volatile.Write(ref Block->Replacing, 0);
    }

    /// <summary>Has the slot fetched where the probes for a fingerprint begin; where the processor has no such hint, nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong fingerprint)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0((Slot*)(Block + 1) + Home(fingerprint));
    }

    /// <summary>The slot of <paramref name="fingerprint"/>, which takes an empty one when there is none; the null reference when the
    /// table is full or this part of it sealed, so that the caller must go back to the shard.</summary>
    /// <param name="fingerprint">Half of a <see cref="DedupeKey"/>.</param>
    /// <param name="interleaving">Where a test interrupts.</param>
    /// <param name="index">The slot's number.</param>
    /// <param name="inserted">Whether an empty slot was taken.</param>
    /// <returns>Memory that is the table's: valid until the caller leaves the tables.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Slot FindOrInsert<TInterleaving>(ulong fingerprint, TInterleaving interleaving, out int index, out bool inserted)
        where TInterleaving : struct, IInterleaving
    {
        inserted = false;
        index = Home(fingerprint);
        for (var probes = Capacity; probes > 0; probes--)
        {
            ref var slot = ref this[index];
            interleaving.At(Step.ReadFingerprint, this, index);

            // Acquire, so that the time word is read after it. A fingerprint never changes once it is there, so one that is another
            // key's may be passed for good; an empty one is only a hint that the swap below verifies.
            var found = Volatile.Read(ref slot.Fingerprint);
            if (found == Slot.Empty)
            {
                // Plain in effect: a threshold that is noticed an insert late costs nothing, a table may fill up to its last slot.
                if (Volatile.Read(ref Block->Used) >= Limit)
                    return ref Unsafe.NullRef<Slot>();
                interleaving.At(Step.PutFingerprint, this, index);

                // The one decision between claimers that insert, and between them and the freezer, which swaps in a tombstone: of all
                // who see the slot empty one wins, and the losers go on with what stands there now. Two claimers of one key thus
                // never put it twice into one table. Without the swap one of two different keys would be lost.
                found = Interlocked.CompareExchange(ref slot.Fingerprint, fingerprint, Slot.Empty);
                if (found == Slot.Empty)
                {
                    // Atomic so that no insert is missed for long; it orders nothing.
                    Interlocked.Increment(ref Block->Used);
                    inserted = true;
                    return ref slot;
                }
            }

            if (found == fingerprint)
                return ref slot;

            // Tombstone: the probe ends here, for looks as for claims, but the table is about to be copied, or was, and takes no key
            // any more. To take the slot for empty would be to claim where no copy looks; to go on to a slot that is still open, to
            // claim where no look comes by.
            if (found == Slot.Tombstone)
                return ref Unsafe.NullRef<Slot>();
            index = index + 1 == Capacity ? 0 : index + 1;
        }

        return ref Unsafe.NullRef<Slot>();
    }

    /// <summary>Whether the key has a claim that is live at <paramref name="now"/>.</summary>
    /// <param name="fingerprint">Half of a <see cref="DedupeKey"/>.</param>
    /// <param name="now">A time word, read after the table was taken from its shard.</param>
    /// <param name="window">Its length, 100 ns.</param>
    /// <param name="interleaving">Where a test interrupts.</param>
    /// <param name="time">The claim's time word.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFindLive<TInterleaving>(ulong fingerprint, long now, long window, TInterleaving interleaving, out long time)
        where TInterleaving : struct, IInterleaving
    {
        var index = Home(fingerprint);
        for (var probes = Capacity; probes > 0; probes--)
        {
            ref var slot = ref this[index];
            interleaving.At(Step.ReadFingerprint, this, index);

            // Acquire: the time word is read after the fingerprint that says whose it is.
            var found = Volatile.Read(ref slot.Fingerprint);
            if (found == fingerprint)
            {
                interleaving.At(Step.ReadTime, this, index);

                // A live time word is proof however old the reading: it was put there by a claim that succeeded. Sealed or not does not
                // matter, a seal leaves the time as it is.
                time = Volatile.Read(ref slot.Time) & ~Slot.Seal;
                return now - time < window;
            }

            if (found <= Slot.Tombstone)
                break;
            index = index + 1 == Capacity ? 0 : index + 1;
        }

        time = 0;
        return false;
    }

    /// <summary>Seals every slot: when it returns, no claim succeeds in this table any more, whoever sealed which slot.</summary>
    public void Seal<TInterleaving>(TInterleaving interleaving)
        where TInterleaving : struct, IInterleaving
    {
        for (var index = 0; index < Capacity; index++)
        {
            ref var slot = ref this[index];
            if (Volatile.Read(ref slot.Fingerprint) == Slot.Empty)
            {
                interleaving.At(Step.BuryEmpty, this, index);

                // Against the claimers' insert: whoever loses sees the other's word. Without the swap a key that was inserted at this
                // moment would be buried, and its claim lost.
                Interlocked.CompareExchange(ref slot.Fingerprint, Slot.Tombstone, Slot.Empty);
            }

            if (Volatile.Read(ref slot.Fingerprint) == Slot.Tombstone)
                continue;
            interleaving.At(Step.SealTime, this, index);

            // Against the claimers' swap of this word: the claim comes first and is copied, or the seal comes first and the claim's
            // swap fails, because the word is no longer the one that it saw. Without the seal a claimer that was delayed could still
            // succeed here after the copy was made. A full fence, so the clock that the copier reads next is read after every seal.
            Interlocked.Or(ref slot.Time, Slot.Seal);
        }
    }

    /// <summary>A new open table, seen by nobody yet, with the entries of this sealed one that are live at <paramref name="now"/>.</summary>
    /// <param name="now">A time word, read after the last slot was sealed.</param>
    /// <param name="window">Its length, 100 ns.</param>
    /// <param name="room">How many keys there must be room for besides.</param>
    /// <param name="minimumCapacity">The fewest slots, unless none is needed at all.</param>
    /// <param name="interleaving">Where a test interrupts.</param>
    /// <param name="left">Keys that were left behind.</param>
    public SlotTable CopyLive<TInterleaving>(
        long now, long window, int room, int minimumCapacity, TInterleaving interleaving, out int left)
        where TInterleaving : struct, IInterleaving
    {
        var (used, live) = Count(now - window);
        left = used - live;
        var keys = room + live;

        // A load of 0.6 after the copy: 26.7 bytes a key. The next replacement comes at 0.8, so each key is copied about three times.
        var copy = new SlotTable(keys == 0 ? 0 : Math.Max(minimumCapacity, checked((int)((keys * 5L / 3) + 1))));
        for (var index = 0; index < Capacity; index++)
        {
            interleaving.At(Step.CopySlot, this, index);

            // Plain reads: a sealed slot never changes, and the fences of Seal, or of whoever published this table's seals to us, lie
            // before them.
            ref var slot = ref this[index];
            if (slot.Fingerprint > Slot.Tombstone && now - (slot.Time & ~Slot.Seal) < window)
                copy.Place(slot.Fingerprint, slot.Time & ~Slot.Seal);
        }

        return copy;
    }

    /// <summary>Keys in the table, and those of them with a claim later than <paramref name="expired"/>.</summary>
    /// <param name="expired">The time word of the latest claim that counts as expired.</param>
    public (int Used, int Live) Count(long expired)
    {
        int used = 0, live = 0;
        for (var index = 0; index < Capacity; index++)
        {
            ref var slot = ref this[index];
            if (slot.Fingerprint <= Slot.Tombstone)
                continue;
            used++;
            if ((slot.Time & ~Slot.Seal) > expired)
                live++;
        }

        return (used, live);
    }

    /// <summary>Where the probe for a fingerprint begins: its place in proportion, so that any capacity will do, and so that a copy, made
    /// in the order of the slots, writes its new table from front to back. 32 bits tell enough places apart, and their product takes one
    /// instruction on every processor.</summary>
    private int Home(ulong fingerprint) => (int)(((fingerprint >> 32) * (ulong)Capacity) >> 32);

    /// <summary>Adds an entry while nobody else sees the table.</summary>
    private void Place(ulong fingerprint, long time)
    {
        var index = Home(fingerprint);
        while (this[index].Fingerprint != Slot.Empty)
            index = index + 1 == Capacity ? 0 : index + 1;
        this[index] = new Slot { Fingerprint = fingerprint, Time = time };
        Block->Used++;
    }

    [StructLayout(LayoutKind.Sequential, Size = 16)]
    private struct Head
    {
        public int Used;
        public int Replacing;
        public ulong NextRetired;
    }
}
