using Xunit;

namespace CraftKit.Edge.Tests.Allocations;

public sealed class CountingTests
{
    [Fact]
    public void One_small_object_in_a_thousand_operations_is_seen()
    {
        object? kept = null;

        Assert.InRange(AllocatedBytes.Of(1000, i => kept = i == 1500 ? new object() : kept), 16, 32);
        Assert.NotNull(kept);
    }
}
