using System.Runtime.CompilerServices;

namespace CraftKit.Edge.Dedupe;

/// <summary>Production's interleaving: whatever the processor does.</summary>
internal readonly struct Uninterrupted : IInterleaving
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At(Step step, SlotTable? table = null, int slot = -1)
    {
    }
}
