using System.Runtime.InteropServices;

namespace CraftKit.Edge.Journal;

/// <summary>A counter alone on its cache lines (128 bytes on each side, for processors that fetch lines in pairs): appending
/// threads write it all the time, and neighbours would pay for that.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct PaddedLong
{
    [FieldOffset(128)]
    public long Value;
}
