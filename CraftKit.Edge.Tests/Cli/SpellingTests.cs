using CraftKit.Edge.Cli;
using Xunit;

namespace CraftKit.Edge.Tests.Cli;

public sealed class SpellingTests
{
    private static readonly string[] Names = ["serve", "project", "key", "render", "events", "check", "version", "completion"];

    [Theory]
    [InlineData("projcet", "project")]
    [InlineData("Project", "project")]
    [InlineData("rendr", "render")]
    [InlineData("chekc", "check")]
    [InlineData("ket", "key")]
    [InlineData("pro", "project")]
    [InlineData("comp", "completion")]
    public void A_slip_is_understood(string typed, string name) => Assert.Equal(name, Spelling.Nearest(typed, Names));

    [Theory]
    [InlineData("bogus")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("http://127.0.0.1")]
    public void Nothing_is_made_of_something_else(string typed) => Assert.Null(Spelling.Nearest(typed, Names));

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "abc", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "acb", 1)]
    [InlineData("abc", "axc", 1)]
    [InlineData("abc", "abxc", 1)]
    [InlineData("abcd", "acd", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void The_distance_counts_changes(string from, string to, int distance)
    {
        Assert.Equal(distance, Spelling.Distance(from, to));
        Assert.Equal(distance, Spelling.Distance(to, from));
    }
}
