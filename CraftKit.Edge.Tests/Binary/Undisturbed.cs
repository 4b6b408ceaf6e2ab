using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>Tests whose figures other processes of the run would disturb: they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Undisturbed
{
    public const string Name = "undisturbed processes";
}
