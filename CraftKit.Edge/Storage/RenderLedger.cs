using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CraftKit.Edge.Events;

namespace CraftKit.Edge.Storage;

/// <summary>What a render's events add up to, as of its last stored event.</summary>
/// <param name="Viewed">Events of type viewed.</param>
/// <param name="Downloaded">Events of type downloaded.</param>
/// <param name="Printed">Events of type printed.</param>
/// <param name="LinkOpens">Viewed events with a share.</param>
/// <param name="Last">Sequence of the render's newest stored event, 0 without one; each row names the one before it.</param>
internal readonly record struct RenderTally(long Viewed, long Downloaded, long Printed, long LinkOpens, long Last)
{
    /// <summary>This tally with one more event.</summary>
    public RenderTally With(EventType type, bool hasShare, long sequence) => new(
        Viewed + (type == EventType.Viewed ? 1 : 0),
        Downloaded + (type == EventType.Downloaded ? 1 : 0),
        Printed + (type == EventType.Printed ? 1 : 0),
        LinkOpens + (type == EventType.Viewed && hasShare ? 1 : 0),
        sequence);
}

/// <summary>The engagement counts of every render that has events, in memory; <c>events.db</c> holds them a little behind.</summary>
/// <remarks>
/// One thread writes: the store's writer. It works on a batch through <see cref="Tally"/> and <see cref="Stage"/>, which nobody else sees, and
/// shows the batch to readers only by <see cref="Apply"/>, after SQLite has committed it; <see cref="Discard"/> drops it when the commit failed.
/// So a reader's counts never speak of a row that is not in the database, and the chain of previous events that starts at
/// <see cref="RenderTally.Last"/> is whole. Readers take the lock for a look-up and a copy; the writer takes it when it adds or applies.
/// A render is found by a randomly seeded 128-bit hash of its project and id; entries are numbered from 1, as in the table <c>renders</c>.
/// </remarks>
internal sealed class RenderLedger
{
    private const int NoStage = -1;

    private readonly Lock _lock = new();
    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
    private readonly List<Staged> _staged = [];
    private readonly List<int> _open = [];
    private Entry[] _entries = new Entry[64];
    private int[] _index = new int[128];
    private int _count;
    private int _dirty;

    /// <summary>Renders known; the highest number in use.</summary>
    public int Count => _count;

    /// <summary>Renders whose stored row is behind.</summary>
    public int DirtyCount => _dirty;

    /// <summary>The render's number, 0 when it has no entry. For the writing thread.</summary>
    public int Find(ReadOnlySpan<byte> projectId, ReadOnlySpan<byte> renderId) => Find(Hash(projectId, renderId));

    /// <summary>Adds a render and returns its number. For the writing thread.</summary>
    /// <param name="projectId">The project's id.</param>
    /// <param name="renderId">The render's id.</param>
    /// <param name="tally">What its stored row says.</param>
    /// <param name="stored">Whether the row exists.</param>
    public int Add(ReadOnlySpan<byte> projectId, ReadOnlySpan<byte> renderId, RenderTally tally, bool stored)
    {
        var hash = Hash(projectId, renderId);
        lock (_lock)
        {
            if (_count + 1 >= _entries.Length)
                Array.Resize(ref _entries, _entries.Length * 2);
            var number = ++_count;
            _entries[number] = new Entry { Hash = hash, Tally = tally, Stage = NoStage, Stored = stored };
            if (_count * 3L > _index.Length * 2L)
                Reindex(_index.Length * 2);
            else
                Index(number);
            return number;
        }
    }

    /// <summary>Uses up a number without a render. For the start.</summary>
    public void AddVacant()
    {
        if (_count + 1 >= _entries.Length)
            Array.Resize(ref _entries, _entries.Length * 2);
        _entries[++_count] = new Entry { Hash = UInt128.MaxValue, Stage = NoStage };
    }

    /// <summary>Whether the render's row exists or was inserted by the batch under way; its first event must insert it. For the writing thread.</summary>
    public bool IsStored(int number) => _entries[number].Stored || _entries[number].Stage != NoStage;

    /// <summary>The render's tally with what the batch under way has staged. For the writing thread.</summary>
    public RenderTally Tally(int number)
    {
        ref var entry = ref _entries[number];
        return entry.Stage == NoStage ? entry.Tally : CollectionsMarshal.AsSpan(_staged)[entry.Stage].Tally;
    }

    /// <summary>Notes the tally that the render has when the batch under way commits. For the writing thread.</summary>
    public void Stage(int number, RenderTally tally)
    {
        ref var entry = ref _entries[number];
        if (entry.Stage == NoStage)
        {
            entry.Stage = _staged.Count;
            _staged.Add(new Staged(number, tally));
        }
        else
        {
            CollectionsMarshal.AsSpan(_staged)[entry.Stage] = new Staged(number, tally);
        }
    }

    /// <summary>The batch is committed: shows it to readers. For the writing thread.</summary>
    public void Apply()
    {
        lock (_lock)
        {
            foreach (var (number, tally) in CollectionsMarshal.AsSpan(_staged))
            {
                ref var entry = ref _entries[number];
                entry.Tally = tally;
                entry.Stage = NoStage;
                entry.Stored = true;
                if (!entry.Dirty)
                {
                    entry.Dirty = true;
                    _dirty++;
                }
            }
        }
        _staged.Clear();
    }

    /// <summary>The batch failed: forgets it. For the writing thread.</summary>
    public void Discard()
    {
        foreach (var (number, _) in CollectionsMarshal.AsSpan(_staged))
            _entries[number].Stage = NoStage;
        _staged.Clear();
    }

    /// <summary>Counts an event that the stored rows do not hold yet, at start; one that they hold is passed over.</summary>
    public void Complete(int number, EventType type, bool hasShare, long sequence)
    {
        ref var entry = ref _entries[number];
        if (sequence <= entry.Tally.Last)
            return;
        entry.Tally = entry.Tally.With(type, hasShare, sequence);
        if (!entry.Dirty)
        {
            entry.Dirty = true;
            _dirty++;
        }
    }

    /// <summary>The next render after <paramref name="number"/> whose stored row is behind, 0 when none is. The row counts as written once
    /// <see cref="CommitWritten"/> follows. For the writing thread, between batches.</summary>
    public int NextDirty(int number)
    {
        for (var next = number + 1; next <= _count; next++)
        {
            if (_entries[next].Dirty)
            {
                _open.Add(next);
                return next;
            }
        }
        return 0;
    }

    /// <summary>The transaction that wrote the rows given by <see cref="NextDirty"/> ended; when it failed, they stay behind.</summary>
    public void CommitWritten(bool committed)
    {
        if (committed)
        {
            foreach (var number in CollectionsMarshal.AsSpan(_open))
                _entries[number].Dirty = false;
            _dirty -= _open.Count;
        }
        _open.Clear();
    }

    /// <summary>A render's committed tally, for readers on any thread; all zero when it has no events.</summary>
    public RenderTally Read(ReadOnlySpan<byte> projectId, ReadOnlySpan<byte> renderId)
    {
        var hash = Hash(projectId, renderId);
        lock (_lock)
        {
            var number = Find(hash);
            return number == 0 ? default : _entries[number].Tally;
        }
    }

    private int Find(UInt128 hash)
    {
        var mask = _index.Length - 1;
        for (var at = (int)(ulong)hash & mask; ; at = (at + 1) & mask)
        {
            var number = _index[at];
            if (number == 0 || _entries[number].Hash == hash)
                return number;
        }
    }

    private void Index(int number)
    {
        var mask = _index.Length - 1;
        var at = (int)(ulong)_entries[number].Hash & mask;
        while (_index[at] != 0)
            at = (at + 1) & mask;
        _index[at] = number;
    }

    private void Reindex(int size)
    {
        _index = new int[size];
        for (var number = 1; number <= _count; number++)
        {
            if (_entries[number].Hash != UInt128.MaxValue)
                Index(number);
        }
    }

    private UInt128 Hash(ReadOnlySpan<byte> projectId, ReadOnlySpan<byte> renderId)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * EventRecord.MaxIdLength)];
        bytes[0] = (byte)projectId.Length;
        projectId.CopyTo(bytes[1..]);
        renderId.CopyTo(bytes[(1 + projectId.Length)..]);
        return XxHash128.HashToUInt128(bytes[..(1 + projectId.Length + renderId.Length)], _seed);
    }

    private readonly record struct Staged(int Number, RenderTally Tally);

    private struct Entry
    {
        public UInt128 Hash;
        public RenderTally Tally;
        public int Stage;
        public bool Stored;
        public bool Dirty;
    }
}
