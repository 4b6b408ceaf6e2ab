using System.Runtime.CompilerServices;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Journal;

/// <summary>The mapped bytes of the segments: where each is, how one is put into use and how it is made zero again.</summary>
/// <remarks>Processes are killed between any two stores. The order of stores below makes what they leave recognisable; a kill cuts
/// the program's order, so barriers that only hold back the compiler and other processors' view are enough.</remarks>
internal sealed unsafe class SegmentMemory(MappedFile map, JournalHead head)
{
    /// <summary>The division of the file.</summary>
    public JournalGeometry Geometry { get; } = head.Geometry;

    /// <summary>The first byte of a segment.</summary>
    public byte* AddressOf(int segment) => map.Start + Geometry.FileOffset(segment);

    /// <summary>Puts a number on a segment that is all zero and in nobody else's hands.</summary>
    public void Activate(int segment, long number)
    {
        ref var at = ref *(SegmentHead*)AddressOf(segment);
        at.Number = number;
        at.Lineage = head.Lineage;
        at.Epoch = head.Epoch;
        at.BootId = head.BootId;
        at.SegmentBytes = head.SegmentBytes;
        at.Version = JournalHead.CurrentVersion;
        at.Checksum = at.ComputeChecksum();

        // Last, so that an active head is a whole one. Threads learn of the segment through SegmentMap.TryMap, not through this word.
        Volatile.Write(ref at.State, SegmentHead.Active);
    }

    /// <summary>Makes a segment all zero whose records nobody needs any more. A process killed anywhere in here leaves a segment that
    /// says it is released until nothing but (parts of) its head is left.</summary>
    /// <param name="segment">Index in the file.</param>
    /// <param name="usedBytes">Where its records end; beyond it the segment is zero already.</param>
    public void Clear(int segment, int usedBytes)
    {
        var start = AddressOf(segment);
        ref var at = ref *(SegmentHead*)start;
        at.State = SegmentHead.Released;
        Volatile.WriteBarrier();
        Unsafe.InitBlockUnaligned(start + SegmentHead.Size, 0, (uint)(usedBytes - SegmentHead.Size));
        Volatile.WriteBarrier();
        Unsafe.InitBlockUnaligned(start + sizeof(ulong), 0, SegmentHead.Size - sizeof(ulong));

        // The state goes last: a head that is half zero is still known as released.
        Volatile.Write(ref at.State, 0);
    }

    /// <summary>Waits until the first bytes of a segment are on the disk.</summary>
    /// <exception cref="EdgeException">The disk failed.</exception>
    public void Sync(int segment, int usedBytes, bool rewrite) => map.Sync(Geometry.FileOffset(segment), usedBytes, rewrite);
}
