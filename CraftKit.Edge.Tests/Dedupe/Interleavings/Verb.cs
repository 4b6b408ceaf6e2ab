namespace CraftKit.Edge.Tests.Dedupe.Interleavings;

/// <summary>What an actor does.</summary>
internal enum Verb
{
    Claim,
    Look,
    Rebuild,
}
