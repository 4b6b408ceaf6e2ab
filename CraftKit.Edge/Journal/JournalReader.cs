using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Journal;

/// <summary>Reads the journal in order and frees what is stored. For one thread at a time; <see cref="ReleasedPosition"/> may be
/// asked by any. The payloads of all records read stay valid until <see cref="Release"/> passes them.</summary>
internal sealed unsafe class JournalReader
{
    private readonly string _name;
    private readonly JournalHead _head;
    private readonly SegmentMemory _memory;
    private readonly SegmentMap _segments;
    private readonly FreeSegments _free;
    private readonly JournalFile _journal;
    private readonly int _segmentBytes;
    private readonly int _shift;

    private byte* _address;
    private long _released;
    private bool _syncFailed;

    internal JournalReader(
        string name, JournalHead head, SegmentMemory memory, SegmentMap segments, FreeSegments free, JournalFile journal)
    {
        _name = name;
        _head = head;
        _memory = memory;
        _segments = segments;
        _free = free;
        _journal = journal;
        _segmentBytes = head.SegmentBytes;
        _shift = head.Geometry.Shift;
        Position = journal.TailPosition;
        _released = Position;
        _address = memory.AddressOf(segments.Find(Position >> _shift));
    }

    /// <summary>Everything below was read or passed over as void: the position to store with the records read so far.</summary>
    public long Position { get; private set; }

    /// <summary>Everything below was released.</summary>
    public long ReleasedPosition => Volatile.Read(ref _released); // a number for metrics; nothing else is published by it

    /// <summary>Reads the next won record. Void ones are passed over, also when nothing follows them.</summary>
    /// <exception cref="EdgeException">The file was changed under the running service. A restart recovers what is readable.</exception>
    public ReadStatus TryRead(out JournalRecord record)
    {
        record = default;
        while (TryFind(out var length, out var key))
        {
            var header = (RecordHeader*)(_address + OffsetOf(Position));

            // The decision is one word and publishes nothing but itself; the payload came with the record's word.
            var word = Volatile.Read(ref header->Decision);
            var decision = DecisionWord.Read(key, word, out var delay);
            if (decision == JournalDecision.Undecided)
                return word == 0 ? ReadStatus.Undecided : throw Damaged();

            var start = Position;
            Position += RecordHeader.SizeOf(length);
            if (decision == JournalDecision.Void)
                continue;
            record = new JournalRecord
            {
                Position = start,
                EndPosition = Position,
                Payload = new ReadOnlySpan<byte>(header + 1, length),
                Decision = decision,
                ClaimDelay = delay,
                BootId = _head.BootId,
            };
            return ReadStatus.Record;
        }

        return ReadStatus.None;
    }

    /// <summary>Goes back to the first record that is not released: what was read since is read again.</summary>
    public void Rewind()
    {
        Position = _released;
        _address = _memory.AddressOf(_segments.Find(Position >> _shift));
    }

    /// <summary>Gives up everything below a position; segments that lie wholly below it are zeroed and free for appending. Call it
    /// once the transaction that stored those records has committed (where power loss counts: is synced).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The position has not been read yet.</exception>
    public void Release(long position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, Position);
        if (position <= _released)
            return;

        // A segment that was sealed just at the position has nothing left either.
        var number = _released >> _shift;
        while (number < position >> _shift || _segments.EndsAt(number, position))
        {
            var segment = _segments.Find(number);
            var next = number + 1;
            if (position >> _shift == number)
                position = (next << _shift) | SegmentHead.Size;
            if (Position >> _shift == number)
                Enter(next);

            // Wholly, not to the sealed end: that spares keeping it, and zeroing zeros costs next to nothing beside the records.
            _memory.Clear(segment, _segmentBytes);
            _free.Push(segment);
            number = next;
        }

        Volatile.Write(ref _released, position);
    }

    /// <summary>Waits until everything published and not yet released is on the disk. For when the store is behind; the store's own
    /// sync is what normally bounds a power loss.</summary>
    /// <exception cref="EdgeException">The disk failed. The next call writes all of it again, whatever the kernel says about it.</exception>
    public void Sync()
    {
        var tail = _journal.TailPosition;
        var rewrite = _syncFailed;
        _syncFailed = true;
        for (var number = _released >> _shift; number <= tail >> _shift; number++)
            _memory.Sync(_segments.Find(number), number == tail >> _shift ? OffsetOf(tail) : _segmentBytes, rewrite);
        _syncFailed = false;
    }

    /// <summary>Finds the published record at the position, after moving on from sealed segments.</summary>
    private bool TryFind(out int length, out ulong key)
    {
        (length, key) = (0, 0);
        var tail = _journal.TailPosition;
        while (Position != tail && _segments.EndsAt(Position >> _shift, Position))
            Enter((Position >> _shift) + 1);
        var offset = OffsetOf(Position);
        if (Position == tail || offset > _segmentBytes - RecordHeader.Size)
            return false; // at the end of a segment whose sealing thread has not said so yet, or of everything

        // Pairs with the write in JournalSlot.Publish and MarkVoid: a published word brings everything else of the record with it.
        var word = Volatile.Read(ref ((RecordHeader*)(_address + offset))->Word);
        if (word == 0)
            return false;
        length = RecordWord.Length(word);
        key = RecordKey.Of(_head.Epoch, Position);
        var published = RecordWord.Published(key, length);
        if (word == RecordWord.Reserved(published))
            return false;
        return word == published && length >= 1 && offset + (long)RecordHeader.SizeOf(length) <= _segmentBytes ? true : throw Damaged();
    }

    private void Enter(long number)
    {
        Position = (number << _shift) | SegmentHead.Size;
        _address = _memory.AddressOf(_segments.Find(number));
    }

    private EdgeException Damaged() =>
        new($"{_name}: the file was changed by something else while in use, at position {Position}; restart to recover what is readable");

    private int OffsetOf(long position) => (int)(position & ((1L << _shift) - 1));
}
