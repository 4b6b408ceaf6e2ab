using CraftKit.Edge.Dedupe;

namespace CraftKit.Edge.Tests.Dedupe.Interleavings;

/// <summary>What an actor is about to do: a step, on a table and a slot where it concerns one.</summary>
internal readonly record struct Move(Step Step, SlotTable? Table, int Slot);
