namespace CraftKit.Edge.Tests.Dedupe.Interleavings;

/// <summary>What an actor came to: whether it recorded, or found a live claim, and the timestamp that it was told; and when in the run it
/// began and ended, by number of moves, and the time that it last read.</summary>
internal sealed record Outcome(int Key, Verb Verb, bool Success, long ClaimedAt, long Now, int Began, int Ended);
