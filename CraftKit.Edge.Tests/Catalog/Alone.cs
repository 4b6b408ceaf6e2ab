using Xunit;

namespace CraftKit.Edge.Tests.Catalog;

/// <summary>Tests that measure the process or the clock, and so run beside no others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class Alone
{
    public const string Name = "Catalog, alone";
}
