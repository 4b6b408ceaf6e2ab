namespace CraftKit.Edge.Dedupe;

/// <summary>Where a test takes a thread's turn away: the window's code calls <see cref="At"/> before every <see cref="Step"/>.</summary>
/// <remarks>Implementations are structs and come in as type arguments, so the one of production, <see cref="Uninterrupted"/>, is compiled
/// away, and the tests run the very code that serves.</remarks>
internal interface IInterleaving
{
    /// <summary>The calling thread is about to take <paramref name="step"/>, on <paramref name="slot"/> of <paramref name="table"/>
    /// where the step concerns one slot.</summary>
    void At(Step step, SlotTable? table = null, int slot = -1);
}
