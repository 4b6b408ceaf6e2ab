using System.Security.Cryptography;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Journal;

/// <summary>Reads whatever a journal's path holds after a stop of any kind, and gives back every record that the store does not have
/// yet. Changes nothing until <see cref="SetAside"/>.</summary>
/// <remarks>
/// The order of a start, right for a kill between any two steps (and within each):
/// <list type="number">
/// <item>The store reads its mark {lineage, epoch, position}, none in a new database, and opens this with it.</item>
/// <item>It reads all records (<see cref="TryRead"/>; <see cref="Rewind"/> for a second pass), rebuilds its window from the won ones,
/// decides the undecided ones in memory, and stores in the order of positions, each transaction with <see cref="MarkAt"/> of the last
/// record's end. Killed here: the next start goes on after the mark and decides the rest alike.</item>
/// <item>It commits <see cref="MarkAt"/> of <see cref="EndPosition"/> and syncs. Killed here: the next start finds nothing new.</item>
/// <item><see cref="JournalFile.StartEpoch"/> sets damage aside, writes the head with the new epoch and a base above everything seen, then
/// zeroes the segments (or renames a new file over the old one). Killed here: what is left of old records lies below the mark.</item>
/// <item>The new epoch takes records. Killed before the store kept a mark of it: they lie above the mark and are yielded.</item>
/// </list>
/// So one rule decides, whatever the epochs of mark and file: a valid record of the lineage is yielded when it lies at or above the
/// mark's position. Positions are never used twice in a lineage, and the store has exactly what is below its mark. That also covers
/// copies: with an older database beside it the journal gives back all that it still has and the database lacks; an older journal
/// beside a newer database gives nothing. A journal of another lineage (of another data folder) gives nothing and is set aside whole;
/// a store without a mark adopts the journal that it finds.
/// </remarks>
internal sealed class JournalRecovery : IDisposable
{
    private readonly JournalOptions _options;
    private readonly JournalMark? _mark;
    private readonly TimeProvider _clock;
    private readonly JournalImage? _image;
    private readonly JournalSurvey _survey;
    private readonly SegmentScanner _scanner;
    private int _next;
    private long _number;
    private long _lastEnd;

    private JournalRecovery(JournalOptions options, JournalMark? mark, TimeProvider clock, JournalImage? image)
    {
        _options = options;
        _mark = mark;
        _clock = clock;
        _image = image;
        _survey = JournalSurvey.Of(image, options, mark);
        _scanner = _survey.Scanner;
        Lineage = mark?.Lineage ?? (_survey.Lineage != 0 ? _survey.Lineage : NewIdentity());
        Rewind();
    }

    /// <summary>What was found.</summary>
    public RecoveryReport Report => _survey.Report;

    /// <summary>Above every record that was found and not below the store's mark: the position to mark once all is stored.</summary>
    public long EndPosition => _survey.EndPosition;

    /// <summary>The lineage that store and journal go on with.</summary>
    public long Lineage { get; }

    internal JournalHead Head => _survey.Head;

    internal JournalGeometry Geometry => _survey.Geometry;

    internal int HeadCopy => _survey.HeadCopy;

    internal IReadOnlyList<int> NonEmptySegments => _survey.NonEmptySegments;

    /// <summary>Segments that must stay as they are, because what is damaged in them could not be set aside.</summary>
    internal IReadOnlySet<int> Quarantined { get; private set; } = new HashSet<int>();

    /// <summary>Reads the whole file.</summary>
    /// <param name="options">Where it is, and the size it should have: a guess when the file's own heads are damaged.</param>
    /// <param name="mark">How far the store has it; null when the store never kept a mark.</param>
    /// <param name="clock">Names the files with damaged bytes.</param>
    /// <exception cref="EdgeException">The file may not be opened. Its content never throws.</exception>
    public static JournalRecovery Open(JournalOptions options, JournalMark? mark, TimeProvider clock)
    {
        var image = JournalImage.Open(options.Path);
        try
        {
            return new JournalRecovery(options, mark, clock, image);
        }
        catch
        {
            image?.Dispose();
            throw;
        }
    }

    /// <summary>The mark to store with everything below <paramref name="position"/>.</summary>
    public JournalMark MarkAt(long position) => new(Lineage, _survey.Head.Epoch != 0 ? _survey.Head.Epoch : _mark?.Epoch ?? 0, position);

    /// <summary>Starts over at the first record.</summary>
    public void Rewind() => (_next, _number, _lastEnd) = (0, -1, _mark?.Position ?? 0);

    /// <summary>The next record that the store lacks, won or undecided, in the order of positions; false after the last. Its payload is
    /// valid until the next call.</summary>
    public bool TryRead(out JournalRecord record)
    {
        record = default;
        while (_number >= 0 || TryEnterNext())
        {
            while (_scanner.TryNext(out var finding))
            {
                // The second of two copies of one record (a file that somebody put together) is not yielded.
                var isDue = finding.Kind == SegmentFindingKind.Record
                    && finding.Position >> _survey.Geometry.Shift == _number
                    && finding.Position >= _lastEnd;
                if (!isDue)
                    continue;
                _lastEnd = finding.Position + finding.Bytes;
                record = new JournalRecord
                {
                    Position = finding.Position,
                    EndPosition = _lastEnd,
                    Payload = _scanner.PayloadOf(finding),
                    Decision = finding.Decision,
                    ClaimDelay = finding.ClaimDelay,
                    BootId = _survey.BootOf(finding.Epoch),
                };
                return true;
            }

            _number = -1;
        }

        return false;
    }

    /// <summary>Copies what is damaged into a readable file beside the journal, or renames a journal that could not be read at all; the
    /// report then says where it is. What cannot be set aside (a full disk) stays where it is, in segments that are not used until
    /// a later start can.</summary>
    public void SetAside()
    {
        if (Report.DamagedPlaces == 0 || Report.SetAsidePath is not null || _image is null)
            return;
        var file = new DamageFile(_options.Path, _clock);
        try
        {
            Report.SetAsidePath = Report.Refusal is null ? file.Write(_image, _survey.Damage) : file.TakeWhole();
            Report.SetAsideFailure = null;
            Quarantined = new HashSet<int>();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Report.SetAsideFailure = failure.Message;
            Quarantined = _survey.Damage.Select(place => place.Segment).Where(segment => segment >= 0).ToHashSet();
        }
    }

    public void Dispose() => _image?.Dispose();

    /// <summary>A random number that is not 0, which stands for none.</summary>
    internal static long NewIdentity()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(bytes);
        var identity = BitConverter.ToInt64(bytes);
        return identity == 0 ? 1 : identity;
    }

    private bool TryEnterNext()
    {
        if (_image is null || _next >= _survey.Index.Count)
            return false;
        (_number, var segment) = _survey.Index[_next++];
        _survey.Load(_image, segment);
        return true;
    }
}
