using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Journal;

/// <summary>The journal: a preallocated, memory-mapped file of segments that any number of threads append to without locks, and that
/// one thread reads and frees again. Nothing here allocates once it stands.</summary>
/// <remarks>
/// What holds at every moment, and what the tests are named after:
/// <list type="bullet">
/// <item>Room is taken together with the position, by one exchange of the tail. A full journal is never over-claimed.</item>
/// <item>A segment is sealed by the exchange that moves the tail into the next one, and only with a free segment in hand.</item>
/// <item>A record can be read once its word says published; everything before it in the record is then in place.</item>
/// <item>A free segment is all zero: bytes of an earlier lap, or of a client, cannot pass for a record.</item>
/// <item>Nothing can fail between reserving and publishing. Who cannot go on calls <see cref="JournalSlot.MarkVoid"/>.</item>
/// <item>Once published, a record is in the kernel's pages: SIGKILL loses none.</item>
/// </list>
/// How the file is opened, what a crash leaves and how an epoch starts: <see cref="JournalRecovery"/>.
/// </remarks>
internal sealed unsafe class JournalFile : IDisposable
{
    private const long PrefaultedBytes = 4 << 20;

    private readonly MappedFile _map;
    private readonly SegmentMemory _memory;
    private readonly SegmentMap _segments;
    private readonly FreeSegments _free;
    private readonly JournalHead _head;
    private readonly int _maxPayloadBytes;
    private readonly int _segmentBytes;
    private readonly int _shift;

    private Action? _onAppend;

    // Position of the next record. Written by every append; alone on its cache lines.
    private PaddedLong _tail;

    internal JournalFile(JournalOptions options, MappedFile map, JournalHead head, IReadOnlySet<int> quarantined)
    {
        var geometry = head.Geometry;
        _map = map;
        _head = head;
        _maxPayloadBytes = options.MaxPayloadBytes;
        _segmentBytes = geometry.SegmentBytes;
        _shift = geometry.Shift;
        _memory = new SegmentMemory(map, head);
        _segments = new SegmentMap(geometry.SegmentCount);
        _free = new FreeSegments(geometry.SegmentCount, quarantined.Contains);
        CapacityBytes = (geometry.SegmentCount - quarantined.Count) * (long)geometry.SegmentBytes;

        var number = head.BasePosition >> _shift;
        if (!_free.TryPop(out var first))
            throw new EdgeException($"{options.Name}: every segment holds damaged bytes that could not be set aside; free space and start again");
        _memory.Activate(first, number);
        _segments.TryMap(number, first);
        _tail.Value = (number << _shift) | SegmentHead.Size;
        _map.Touch(0, PrefaultedBytes);
        Reader = new JournalReader(options.Name, head, _memory, _segments, _free, this);
    }

    /// <summary>The one reader; for one thread at a time.</summary>
    public JournalReader Reader { get; }

    /// <summary>Bytes that records and their bookkeeping can take up.</summary>
    public long CapacityBytes { get; }

    /// <summary>Bytes from the last released position to the tail; any thread may ask. A full journal shows a little less than
    /// <see cref="CapacityBytes"/>, because freeing goes by whole segments.</summary>
    public long UsedBytes
    {
        get
        {
            // Released first: the tail only moves on, so the difference is never negative.
            var released = Reader.ReleasedPosition;
            return Distance(released, TailPosition);
        }
    }

    /// <summary>Every record that was reserved before this was asked lies below it.</summary>
    public long TailPosition =>
        // Pairs with the exchange in TryReserve: who learnt of a record (say, from the answer to its client) sees a tail after it.
        Volatile.Read(ref _tail.Value);

    /// <summary>The mark to store with everything below <paramref name="position"/>.</summary>
    public JournalMark MarkAt(long position) => new(_head.Lineage, _head.Epoch, position);

    /// <summary>Opens the journal for a new epoch, in the file that is there or a new one. See <see cref="JournalRecovery"/>.</summary>
    /// <param name="options">Path and size; a file of another size is replaced.</param>
    /// <param name="recovery">What was found at the path, read to its end by the caller; only its report is of use afterwards.</param>
    /// <param name="stored">The mark that the store has committed and synced; not below the recovery's end.</param>
    /// <exception cref="InvalidOperationException">Records of the recovery are not stored yet by the mark's account.</exception>
    /// <exception cref="EdgeException">No space, no permission, or a file system that cannot hold a journal.</exception>
    public static JournalFile StartEpoch(JournalOptions options, JournalRecovery recovery, JournalMark stored) =>
        new JournalStart(options, recovery, stored).Open();

    /// <summary>Has <paramref name="action"/> called once, by the thread that appends next, so that a reader may rest until there is something to
    /// read. It may neither wait nor throw.</summary>
    /// <returns>The tail: what lies below it was appended before, and calls nobody.</returns>
    public long CallOnAppend(Action action)
    {
        // Either an append comes first and the tail read here is behind it, or this write does, and the append finds the action: none falls
        // between. An appender moves the tail and then looks at the action without a fence between the two; the barrier makes up for it on
        // every processor that runs this process.
        Volatile.Write(ref _onAppend, action);
        Interlocked.MemoryBarrierProcessWide();
        return TailPosition;
    }

    /// <summary>Takes room for a payload. Lock-free; never waits.</summary>
    /// <param name="payloadBytes">1 or more.</param>
    /// <param name="slot">The room, when <see cref="AppendStatus.Reserved"/>; to be published or voided, and decided, soon: the
    /// reader waits at it.</param>
    /// <returns>Full may be answered a moment early while another thread is putting the last free segment into use.</returns>
    public AppendStatus TryReserve(int payloadBytes, out JournalSlot slot)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(payloadBytes, 1);
        slot = default;
        if (payloadBytes > _maxPayloadBytes)
            return AppendStatus.TooLarge;

        var size = RecordHeader.SizeOf(payloadBytes);
        var tail = Volatile.Read(ref _tail.Value);
        long position;
        while (true)
        {
            if (OffsetOf(tail) + size <= _segmentBytes)
            {
                // Takes room and position in one step; positions never come back, so equality means that nothing happened between.
                var seen = Interlocked.CompareExchange(ref _tail.Value, tail + size, tail);
                position = tail;
                if (seen == tail)
                    break;
                tail = seen;
                continue;
            }

            if (!TryMoveOn(ref tail, size, out position))
                return AppendStatus.Full;
            if (position != 0)
                break;
        }

        // Under load no reader rests, and this is a look at a line that nobody writes.
        if (_onAppend is not null)
            Interlocked.Exchange(ref _onAppend, null)?.Invoke();

        // The number stays mapped from here until this record is published, read and released.
        var address = _memory.AddressOf(_segments.Find(position >> _shift)) + OffsetOf(position);
        slot = new JournalSlot(address, position, RecordKey.Of(_head.Epoch, position), payloadBytes);
        ref var header = ref slot.Header;
        header.Word = RecordWord.Reserved(RecordWord.Published(slot.Key, payloadBytes));

        // The extent must be there before anything else of the record, or a kill in between would leave bytes that look like damage.
        Volatile.WriteBarrier();
        header.Position = position;
        return AppendStatus.Reserved;
    }

    /// <summary>Unmaps the file. The last use of slots, records and reader must have ended: what they point to is gone.</summary>
    public void Dispose() => _map.Dispose();

    /// <summary>Bytes of the file between two positions.</summary>
    internal long Distance(long from, long to) =>
        (((to >> _shift) - (from >> _shift)) * _segmentBytes) + OffsetOf(to) - OffsetOf(from);

    /// <summary>Seals the segment that the tail is in and takes the first record of the next. False when no segment is free; true
    /// with position 0 when another thread moved the tail, which is then the new one.</summary>
    private bool TryMoveOn(ref long tail, int size, out long position)
    {
        position = 0;
        var number = tail >> _shift;
        var next = number + 1;
        if (_segments.Find(next) < 0)
        {
            if (!_free.TryPop(out var segment))
            {
                // Somebody else may have taken the last one for this very step.
                var now = Volatile.Read(ref _tail.Value);
                var moved = now != tail || _segments.Find(next) >= 0;
                tail = now;
                return moved;
            }

            _memory.Activate(segment, next);
            if (!_segments.TryMap(next, segment))
            {
                _memory.Clear(segment, SegmentHead.Size);
                _free.Push(segment);
            }
        }

        // Whoever wins this has sealed the segment at the old tail. The others find the tail in the next segment and go on there.
        var start = (next << _shift) | SegmentHead.Size;
        var seen = Interlocked.CompareExchange(ref _tail.Value, start + size, tail);
        if (seen == tail)
        {
            _segments.SetEnd(number, tail);
            position = start;
        }

        tail = seen;
        return true;
    }

    private int OffsetOf(long position) => (int)(position & ((1L << _shift) - 1));
}
