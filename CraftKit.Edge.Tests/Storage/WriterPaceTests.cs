using CraftKit.Edge.Storage;
using Xunit;

namespace CraftKit.Edge.Tests.Storage;

public sealed class WriterPaceTests
{
    private const long Large = 64 << 20, Small = 1 << 20;

    [Theory]
    [InlineData(0, Large)]
    [InlineData((4 << 20) - 1, Large)]
    [InlineData((Small / 8) - 1, Small)]
    public void A_writer_that_keeps_up_commits_little_at_a_time(long backlog, long capacity)
    {
        var pace = WriterPace.For(backlog, capacity, isHurried: false);

        Assert.False(pace.IsEnough(511));
        Assert.True(pace.IsEnough(512));
    }

    [Theory]
    [InlineData(4 << 20, Large, false)]
    [InlineData(Small / 8, Small, false)]
    [InlineData(0, Large, true)]
    public void One_that_is_behind_or_waited_for_takes_as_much_as_a_batch_holds(long backlog, long capacity, bool isHurried) =>
        Assert.False(WriterPace.For(backlog, capacity, isHurried).IsEnough(int.MaxValue));
}
