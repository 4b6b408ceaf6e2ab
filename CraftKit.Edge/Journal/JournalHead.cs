using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace CraftKit.Edge.Journal;

/// <summary>The head of the file. There are two copies, at 0 and at 2048; a new epoch is written over the older one, so that a
/// crash in the middle leaves the other. The valid copy with the higher generation counts.</summary>
/// <remarks>
/// <code>
/// offset size  meaning                             all written once, when an epoch starts
///      0    8  magic "CKEJRNL" and 0
///      8    4  format version
///     12    4  bytes of a segment
///     16    4  number of segments
///     20    4  0
///     24    8  lineage
///     32    8  epoch, random
///     40    8  epoch before it, 0 without one
///     48    8  generation, one more than the other copy's
///     56    8  base: no position of the epoch is lower
///     64   16  boot id of the process that started the epoch
///     80    8  checksum of bytes 0 to 79
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct JournalHead
{
    /// <summary>Bytes of one copy that mean something.</summary>
    public const int Size = 88;

    /// <summary>Distance of the copies.</summary>
    public const int CopyDistance = 2048;

    /// <summary>The format that this program writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>"CKEJRNL" and 0, read as a little-endian number.</summary>
    public const ulong MagicValue = 0x004C_4E52_4A45_4B43;

    [FieldOffset(0)]
    public ulong Magic;

    [FieldOffset(8)]
    public int Version;

    [FieldOffset(12)]
    public int SegmentBytes;

    [FieldOffset(16)]
    public int SegmentCount;

    [FieldOffset(24)]
    public long Lineage;

    [FieldOffset(32)]
    public long Epoch;

    [FieldOffset(40)]
    public long PreviousEpoch;

    [FieldOffset(48)]
    public long Generation;

    [FieldOffset(56)]
    public long BasePosition;

    [FieldOffset(64)]
    public Guid BootId;

    [FieldOffset(80)]
    public ulong Checksum;

    /// <summary>The division of the file.</summary>
    public readonly JournalGeometry Geometry => new(SegmentBytes, SegmentCount);

    /// <summary>Whether the head was written by this version and is whole.</summary>
    public readonly bool IsValid =>
        Magic == MagicValue && Version == CurrentVersion && Checksum == ComputeChecksum() && Geometry.IsValid;

    /// <summary>The checksum over everything before it.</summary>
    public readonly ulong ComputeChecksum()
    {
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<JournalHead>(in this));
        return XxHash3.HashToUInt64(bytes[..80]);
    }

    /// <summary>Reads the copy that counts. <paramref name="copy"/> is its index, -1 when none is valid.</summary>
    public static JournalHead Read(ReadOnlySpan<byte> head, out int copy)
    {
        JournalHead best = default;
        copy = -1;
        for (var i = 0; i < 2 && head.Length >= (i * CopyDistance) + Size; i++)
        {
            var candidate = MemoryMarshal.Read<JournalHead>(head[(i * CopyDistance)..]);
            if (candidate.IsValid && (copy < 0 || candidate.Generation > best.Generation))
                (best, copy) = (candidate, i);
        }

        return best;
    }
}
