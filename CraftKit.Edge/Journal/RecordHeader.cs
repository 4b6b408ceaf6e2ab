using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace CraftKit.Edge.Journal;

/// <summary>What stands before every payload. Records are aligned to 8 bytes and never span segments.</summary>
/// <remarks>
/// <code>
/// offset size  meaning                       written by the appending thread
///      0    8  length and state (RecordWord)   first as reserved, last of all as published
///      8    8  decision (DecisionWord)         after the claim; 0 until then
///     16    8  checksum                        before publishing
///     24    8  position                        after the word says reserved
///     32    -  payload                         then
/// </code>
/// The word is written first so that a process killed in the middle leaves a record whose extent is known: what it did not finish
/// is told apart from damage. Whole free segments are zero, so the word of a record that nobody began is 0.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct RecordHeader
{
    /// <summary>Bytes before the payload.</summary>
    public const int Size = 32;

    /// <summary>Every record starts at a multiple of this.</summary>
    public const int Alignment = 8;

    [FieldOffset(0)]
    public ulong Word;

    [FieldOffset(8)]
    public ulong Decision;

    [FieldOffset(16)]
    public ulong Checksum;

    [FieldOffset(24)]
    public long Position;

    /// <summary>Bytes that a payload takes up, header and alignment included.</summary>
    public static int SizeOf(int payloadBytes) => (Size + payloadBytes + Alignment - 1) & ~(Alignment - 1);

    /// <summary>The checksum of a payload; the record's key carries position and epoch, XxHash3 itself covers the length.</summary>
    public static ulong ChecksumOf(ulong key, ReadOnlySpan<byte> payload) => RecordKey.Mix(XxHash3.HashToUInt64(payload) + key);
}
