using System.Numerics;

namespace CraftKit.Edge.Journal;

/// <summary>How the file is divided. A position is the number of the segment, shifted, plus the offset in the segment:</summary>
/// <remarks>
/// <code>position = number &lt;&lt; Shift | offset,  offset from 0 to SegmentBytes inclusive</code>
/// The shift leaves room for an offset equal to the segment's size, so that the end of a full segment is not the start of the
/// next. Positions ascend and are never used twice, but they are not dense: use <see cref="JournalFile.UsedBytes"/> for amounts.
/// </remarks>
internal readonly record struct JournalGeometry(int SegmentBytes, int SegmentCount)
{
    /// <summary>Bytes before the first segment: the two copies of the head.</summary>
    public const int HeadBytes = 4096;

    /// <summary>Fewer segments than this make a poor ring: one filled, one drained, and one for the largest record.</summary>
    public const int MinSegmentCount = 4;

    /// <summary>More segments than this do not fit the word that maps numbers to segments.</summary>
    public const int MaxSegmentCount = 1 << 20;

    private const int Page = 4096;
    private const int PreferredSegmentBytes = 256 * 1024;

    /// <summary>Bits of the offset in a position.</summary>
    public int Shift => BitOperations.Log2((uint)SegmentBytes) + 1;

    /// <summary>Bytes of all segments.</summary>
    public long CapacityBytes => (long)SegmentBytes * SegmentCount;

    /// <summary>Bytes of the file.</summary>
    public long FileBytes => HeadBytes + CapacityBytes;

    /// <summary>Whether the two numbers can be those of a journal; asked before a head from a file is trusted.</summary>
    public bool IsValid =>
        SegmentBytes >= Page && SegmentBytes % Page == 0 && SegmentBytes <= 1 << 28 && SegmentCount is >= 1 and <= MaxSegmentCount;

    /// <summary>The division for a capacity. Small segments keep the traffic on few, warm pages; they must hold the largest record,
    /// and there are eight of them where the capacity allows, at least four always.</summary>
    /// <exception cref="ArgumentException">The capacity holds fewer than four segments of the largest record.</exception>
    public static JournalGeometry For(long capacityBytes, int maxPayloadBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPayloadBytes, 1);
        var largest = RoundUp(SegmentHead.Size + (long)RecordHeader.SizeOf(maxPayloadBytes));
        var segment = Math.Max(largest, Math.Min(PreferredSegmentBytes, capacityBytes / 8 / Page * Page));
        var count = Math.Min(capacityBytes / segment, MaxSegmentCount);
        if (count < MinSegmentCount)
        {
            throw new ArgumentException(
                $"{capacityBytes:N0} bytes hold {count} segments of {segment:N0} bytes; {MinSegmentCount} are needed", nameof(capacityBytes));
        }

        return new JournalGeometry((int)segment, (int)count);
    }

    /// <summary>Where a segment starts in the file.</summary>
    public long FileOffset(int segment) => HeadBytes + ((long)segment * SegmentBytes);

    /// <summary>How many segments of this size a file of <paramref name="fileBytes"/> holds, the last perhaps in part.</summary>
    public static int CountIn(long fileBytes, int segmentBytes) =>
        (int)Math.Min((Math.Max(0, fileBytes - HeadBytes) + segmentBytes - 1) / segmentBytes, MaxSegmentCount);

    private static long RoundUp(long bytes) => (bytes + Page - 1) / Page * Page;
}
