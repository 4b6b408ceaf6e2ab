using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace CraftKit.Edge.Journal;

/// <summary>The first bytes of a segment: which number it holds.</summary>
/// <remarks>
/// <code>
/// offset size  meaning                                     written
///      0    8  state: 0, active or released                last on activation; first and last on release
///      8    8  number of the segment, absolute             on activation, before the first record may be reserved
///     16    8  lineage
///     24    8  epoch
///     32   16  boot id
///     48    4  bytes of a segment
///     52    4  format version
///     56    8  checksum of bytes 8 to 55
/// </code>
/// A released segment is being zeroed: all its records are stored, and bytes in it that are no record are no damage.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct SegmentHead
{
    /// <summary>Bytes before the first record.</summary>
    public const int Size = 64;

    /// <summary>The state of a segment that takes or holds records.</summary>
    public const ulong Active = 0xA53C_96F0_4A45_5347;

    /// <summary>The state of a segment that is being zeroed; every bit of <see cref="Active"/> turned.</summary>
    public const ulong Released = 0x5AC3_690F_B5BA_ACB8;

    [FieldOffset(0)]
    public ulong State;

    [FieldOffset(8)]
    public long Number;

    [FieldOffset(16)]
    public long Lineage;

    [FieldOffset(24)]
    public long Epoch;

    [FieldOffset(32)]
    public Guid BootId;

    [FieldOffset(48)]
    public int SegmentBytes;

    [FieldOffset(52)]
    public int Version;

    [FieldOffset(56)]
    public ulong Checksum;

    /// <summary>Whether the head was written by this version and is whole, apart from the state.</summary>
    public readonly bool IsValid =>
        Version == JournalHead.CurrentVersion && Number > 0 && Checksum == ComputeChecksum()
        && new JournalGeometry(SegmentBytes, JournalGeometry.MinSegmentCount).IsValid;

    /// <summary>The checksum over the fields between state and checksum.</summary>
    public readonly ulong ComputeChecksum()
    {
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<SegmentHead>(in this));
        return XxHash3.HashToUInt64(bytes[8..56], unchecked((long)Active));
    }
}
