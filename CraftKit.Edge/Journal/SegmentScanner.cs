using System.Runtime.InteropServices;

namespace CraftKit.Edge.Journal;

/// <summary>Finds everything in the bytes of one segment, whatever state they are in: looks for a record at every alignment, by its
/// checks alone, so that nothing damaged hides what stands after it.</summary>
/// <remarks>A record's place follows from the segment's head; when that is damaged, or another record resurfaced, from the position
/// that the record itself carries, if that fits the offset and all checks. Every check depends on position and epoch, so what a client
/// sent as payload cannot pass for a record.</remarks>
internal sealed class SegmentScanner(JournalGeometry geometry)
{
    /// <summary>A run of zeros that ends a damaged place.</summary>
    private const int Gap = 64;

    private readonly byte[] _bytes = new byte[geometry.SegmentBytes];
    private readonly long _offsetMask = (1L << geometry.Shift) - 1;
    private int _length;
    private int _offset;
    private int _unfinishedEnd;
    private SegmentHead _head;
    private IReadOnlyList<long> _epochs = [];

    /// <summary>The buffer that a segment is read into.</summary>
    public Span<byte> Buffer => _bytes;

    /// <summary>Whether the head of the segment is whole.</summary>
    public bool HasHead { get; private set; }

    /// <summary>The head; means nothing when damaged.</summary>
    public SegmentHead Head => _head;

    /// <summary>Whether the segment was being zeroed; then bytes that are no record are no damage.</summary>
    public bool IsReleased => _head.State == SegmentHead.Released;

    /// <summary>Whether nothing but the head is there.</summary>
    public bool IsEmpty => _length <= SegmentHead.Size || !Rest(SegmentHead.Size).ContainsAnyExcept((byte)0);

    /// <summary>Starts over on the first <paramref name="length"/> bytes of the buffer.</summary>
    /// <param name="length">Bytes that the file has of the segment.</param>
    /// <param name="lineage">A head of another lineage counts as damaged; 0 when no lineage is known.</param>
    /// <param name="epochs">Epochs that records without a head are tried under.</param>
    public void Start(int length, long lineage, IReadOnlyList<long> epochs)
    {
        _length = length;
        _offset = SegmentHead.Size;
        _unfinishedEnd = 0;
        _epochs = epochs;
        _head = length >= SegmentHead.Size ? MemoryMarshal.Read<SegmentHead>(_bytes) : default;
        HasHead = _head.IsValid && _head.SegmentBytes == geometry.SegmentBytes && (lineage == 0 || _head.Lineage == lineage);
    }

    /// <summary>The payload of a record that was found.</summary>
    public ReadOnlySpan<byte> PayloadOf(SegmentFinding record) =>
        _bytes.AsSpan(record.Offset + RecordHeader.Size, record.PayloadBytes);

    /// <summary>The next finding, in the order of the bytes.</summary>
    public bool TryNext(out SegmentFinding finding)
    {
        var damage = -1;
        var damageEnd = -1;
        finding = default;
        while (_offset < _length)
        {
            var zeros = Rest(_offset).IndexOfAnyExcept((byte)0);
            if (zeros < 0)
                _offset = _length;
            else
                _offset += zeros & ~(RecordHeader.Alignment - 1);
            if (damage >= 0 && (zeros is < 0 or >= Gap || Matches(out finding)))
                break;
            if (zeros < 0)
                return false;
            if (damage < 0 && Matches(out finding))
            {
                _offset += finding.Bytes;
                return true;
            }

            // What an unfinished record left behind is no damage.
            if (_offset >= _unfinishedEnd)
            {
                damage = damage < 0 ? _offset : damage;
                damageEnd = Math.Min(_offset + RecordHeader.Alignment, _length);
            }

            _offset += RecordHeader.Alignment;
        }

        finding = new SegmentFinding(SegmentFindingKind.Damage, damage, damageEnd - damage);
        return damage >= 0;
    }

    private Span<byte> Rest(int offset) => _bytes.AsSpan(offset, _length - offset);

    private bool Matches(out SegmentFinding finding)
    {
        finding = default;
        if (_offset + RecordHeader.Size > _length)
            return false;
        var header = MemoryMarshal.Read<RecordHeader>(_bytes.AsSpan(_offset));
        if (HasHead && Matches(header, (_head.Number << geometry.Shift) | (uint)_offset, _head.Epoch, out finding))
            return true;
        if (header.Position <= 0 || (header.Position & _offsetMask) != _offset)
            return false;
        foreach (var epoch in _epochs)
        {
            if (Matches(header, header.Position, epoch, out finding))
                return true;
        }

        return false;
    }

    private bool Matches(in RecordHeader header, long position, long epoch, out SegmentFinding finding)
    {
        finding = default;
        var payload = RecordWord.Length(header.Word);
        if (payload < 1 || payload > geometry.SegmentBytes - _offset - RecordHeader.Size)
            return false;
        var key = RecordKey.Of(epoch, position);
        var published = RecordWord.Published(key, payload);
        var size = RecordHeader.SizeOf(payload);
        if (header.Word == RecordWord.Reserved(published))
        {
            // On with the bytes after the header: a whole record cannot be in there, but nothing is lost by looking.
            _unfinishedEnd = Math.Max(_unfinishedEnd, _offset + size);
            finding = new SegmentFinding(SegmentFindingKind.Unfinished, _offset, RecordHeader.Size)
            {
                Position = position,
                Epoch = epoch,
                PayloadBytes = payload,
            };
            return true;
        }

        if (header.Word != published || _offset + RecordHeader.Size + payload > _length)
            return false;
        var decision = DecisionWord.Read(key, header.Decision, out var delay);
        var kind = decision == JournalDecision.Void ? SegmentFindingKind.Void : SegmentFindingKind.Record;
        finding = new SegmentFinding(kind, _offset, size)
        {
            Position = position,
            Epoch = epoch,
            PayloadBytes = payload,
            Decision = decision,
            ClaimDelay = delay,
        };

        // A void record may have been voided before it was complete.
        return kind == SegmentFindingKind.Void || header.Checksum == RecordHeader.ChecksumOf(key, PayloadOf(finding));
    }
}
