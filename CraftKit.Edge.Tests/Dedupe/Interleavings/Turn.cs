using CraftKit.Edge.Dedupe;

namespace CraftKit.Edge.Tests.Dedupe.Interleavings;

/// <summary>An actor's place in the exploration: before every step it offers the turn to the others.</summary>
internal readonly struct Turn(Explorer explorer, int actor) : IInterleaving
{
    public void At(Step step, SlotTable? table = null, int slot = -1) => explorer.Offer(actor, new Move(step, table, slot));
}
