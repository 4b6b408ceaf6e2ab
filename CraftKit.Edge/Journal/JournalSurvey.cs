using System.Runtime.InteropServices;

namespace CraftKit.Edge.Journal;

/// <summary>One pass over the whole file: what division it has, which segments hold records to yield, what is damaged.</summary>
internal sealed class JournalSurvey
{
    private readonly List<long> _epochs = [];
    private readonly Dictionary<long, Guid> _boots = [];
    private readonly List<(long Number, int Segment)> _index = [];
    private readonly List<DamagedPlace> _damage = [];
    private readonly List<int> _nonEmpty = [];
    private long _refusedBytes;

    private JournalSurvey(JournalGeometry geometry)
    {
        Geometry = geometry;
        Scanner = new SegmentScanner(geometry);
    }

    /// <summary>How the file is divided, by its own account where it gives one. As many segments as the file has bytes for.</summary>
    public JournalGeometry Geometry { get; }

    /// <summary>Over the segment that was loaded last.</summary>
    public SegmentScanner Scanner { get; }

    /// <summary>The file's head; all zero when damaged.</summary>
    public JournalHead Head { get; private set; }

    /// <summary>Which of the two copies <see cref="Head"/> is; -1 for none.</summary>
    public int HeadCopy { get; private set; } = -1;

    /// <summary>The lineage of file, 0 when it does not tell.</summary>
    public long Lineage { get; private set; }

    /// <summary>Above everything found, not below the mark.</summary>
    public long EndPosition { get; private set; }

    /// <summary>Numbers with records to yield, ascending, each with a segment to find them in.</summary>
    public IReadOnlyList<(long Number, int Segment)> Index => _index;

    /// <summary>Places with damaged bytes.</summary>
    public IReadOnlyList<DamagedPlace> Damage => _damage;

    /// <summary>Segments that are not all zero.</summary>
    public IReadOnlyList<int> NonEmptySegments => _nonEmpty;

    /// <summary>The counts.</summary>
    public RecoveryReport Report { get; } = new();

    /// <summary>Surveys a file; nothing is found in none.</summary>
    public static JournalSurvey Of(JournalImage? image, JournalOptions options, JournalMark? mark)
    {
        var configured = JournalGeometry.For(options.CapacityBytes, options.MaxPayloadBytes);
        if (image is null)
            return new JournalSurvey(configured) { EndPosition = mark?.Position ?? 0 };

        var head = new byte[JournalGeometry.HeadBytes];
        long refused = 0;
        var headLength = image.Read(0, head, ref refused);
        var fileHead = JournalHead.Read(head.AsSpan(0, headLength), out var copy);
        var survey = new JournalSurvey(copy >= 0 ? fileHead.Geometry : DivisionByHeads(image) ?? configured)
        {
            Head = fileHead,
            HeadCopy = copy,
            Lineage = fileHead.Lineage,
            EndPosition = Math.Max(mark?.Position ?? 0, fileHead.BasePosition),
        };
        survey.Report.FileBytes = image.Length;
        survey.ReadHeads(image, mark);
        if (survey.Lineage != 0 && mark is { } known && known.Lineage != survey.Lineage)
        {
            survey.Refuse("belongs to another data folder", known.Position);
            return survey;
        }

        for (var segment = 0; segment < survey.SegmentsIn(image); segment++)
            survey.Visit(image, segment, mark?.Position ?? 0);
        survey._index.Sort();
        survey.JudgeHead(head.AsSpan(0, headLength), mark);
        return survey;
    }

    /// <summary>The boot in which an epoch was written; empty when the file does not tell.</summary>
    public Guid BootOf(long epoch) => _boots.GetValueOrDefault(epoch);

    /// <summary>Reads a segment into <see cref="Scanner"/>.</summary>
    public void Load(JournalImage image, int segment)
    {
        var length = image.Read(Geometry.FileOffset(segment), Scanner.Buffer, ref _refusedBytes);
        Scanner.Start(length, Lineage, _epochs);
    }

    private int SegmentsIn(JournalImage image) => JournalGeometry.CountIn(image.Length, Geometry.SegmentBytes);

    // The heads of segments stand at multiples of the segment's size, which each of them states.
    private static JournalGeometry? DivisionByHeads(JournalImage image)
    {
        const int Step = 4096;
        Span<byte> bytes = stackalloc byte[SegmentHead.Size];
        long refused = 0;
        for (long offset = JournalGeometry.HeadBytes; offset + SegmentHead.Size <= image.Length; offset += Step)
        {
            image.Read(offset, bytes, ref refused);
            var head = MemoryMarshal.Read<SegmentHead>(bytes);
            if (head.IsValid && (offset - JournalGeometry.HeadBytes) % head.SegmentBytes == 0)
                return new JournalGeometry(head.SegmentBytes, JournalGeometry.CountIn(image.Length, head.SegmentBytes));
        }

        return null;
    }

    private void ReadHeads(JournalImage image, JournalMark? mark)
    {
        Know(Head.Epoch, Head.BootId);
        Know(Head.PreviousEpoch, default);
        Know(mark?.Epoch ?? 0, default);
        Span<byte> bytes = stackalloc byte[SegmentHead.Size];
        for (var segment = 0; segment < SegmentsIn(image); segment++)
        {
            if (image.Read(Geometry.FileOffset(segment), bytes, ref _refusedBytes) < SegmentHead.Size)
                break;
            var head = MemoryMarshal.Read<SegmentHead>(bytes);
            if (!head.IsValid || head.SegmentBytes != Geometry.SegmentBytes)
                continue;
            if (Lineage == 0)
                Lineage = head.Lineage;
            if (head.Lineage == Lineage)
                Know(head.Epoch, head.BootId);
        }
    }

    private void Know(long epoch, Guid boot)
    {
        if (epoch == 0)
            return;
        if (!_epochs.Contains(epoch))
            _epochs.Add(epoch);
        if (boot != default)
            _boots.TryAdd(epoch, boot);
    }

    private void Visit(JournalImage image, int segment, long mark)
    {
        var refusedBefore = _refusedBytes;
        Load(image, segment);
        if (Scanner.IsEmpty && refusedBefore == _refusedBytes)
        {
            // Whatever is in the head: one that was cut off while being written or zeroed, or one that no record followed.
            if (Scanner.Head.State != 0 || Scanner.Buffer[..SegmentHead.Size].ContainsAnyExcept((byte)0))
                _nonEmpty.Add(segment);
            if (Scanner.HasHead)
                Reach((Scanner.Head.Number << Geometry.Shift) | SegmentHead.Size);
            return;
        }

        _nonEmpty.Add(segment);
        if (!Scanner.HasHead && !Scanner.IsReleased)
            _damage.Add(new DamagedPlace(Geometry.FileOffset(segment), SegmentHead.Size, segment));
        var released = Scanner.IsReleased;
        while (Scanner.TryNext(out var finding))
            Count(finding, segment, mark, released);
    }

    private void Count(in SegmentFinding finding, int segment, long mark, bool released)
    {
        if (finding.Kind == SegmentFindingKind.Damage)
        {
            if (!released)
                _damage.Add(new DamagedPlace(Geometry.FileOffset(segment) + finding.Offset, finding.Bytes, segment));
            return;
        }

        Reach(finding.Position + RecordHeader.SizeOf(finding.PayloadBytes));
        if (finding.Position < mark)
        {
            Report.AlreadyStored += finding.Kind == SegmentFindingKind.Record ? 1 : 0;
            return;
        }

        switch (finding.Kind)
        {
            case SegmentFindingKind.Void:
                Report.Voided++;
                return;
            case SegmentFindingKind.Unfinished:
                Report.Unfinished++;
                return;
        }

        if (finding.Decision == JournalDecision.Won)
            Report.Won++;
        else
            Report.Undecided++;
        var entry = (finding.Position >> Geometry.Shift, segment);
        if (_index.Count == 0 || (_index[^1] != entry && !_index.Contains(entry)))
            _index.Add(entry);
    }

    private void Reach(long position) => EndPosition = Math.Max(EndPosition, position);

    private void JudgeHead(ReadOnlySpan<byte> head, JournalMark? mark)
    {
        if (HeadCopy < 0 && (_damage.Count > 0 || head.ContainsAnyExcept((byte)0)))
        {
            if (Lineage == 0 && _index.Count == 0 && Report.AlreadyStored == 0)
            {
                var isJournal = head.Length >= JournalHead.Size && MemoryMarshal.Read<ulong>(head) == JournalHead.MagicValue;
                var version = isJournal ? MemoryMarshal.Read<int>(head[8..]) : JournalHead.CurrentVersion;
                Refuse(
                    version == JournalHead.CurrentVersion
                        ? "is no journal that can be read"
                        : $"has format version {version}, which this program does not know",
                    mark?.Position ?? 0);
                return;
            }

            _damage.Insert(0, new DamagedPlace(0, head.Length, -1));
        }

        Report.DamagedPlaces = _damage.Count;
        Report.DamagedBytes = _damage.Sum(place => place.Bytes);
    }

    private void Refuse(string why, long end)
    {
        _index.Clear();
        _damage.Clear();
        _damage.Add(new DamagedPlace(0, Report.FileBytes, -1));
        (Report.Refusal, Report.DamagedPlaces, Report.DamagedBytes) = (why, 1, Report.FileBytes);
        (Head, HeadCopy, Lineage, EndPosition) = (default, -1, 0, end);
    }
}
