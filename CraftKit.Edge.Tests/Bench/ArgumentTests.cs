using CraftKit.Edge.Bench.EndToEnd;
using CraftKit.Edge.Bench.EndToEnd.Scenarios;
using Xunit;

namespace CraftKit.Edge.Tests.Bench;

/// <summary>The command line of the end-to-end mode.</summary>
public sealed class ArgumentTests
{
    [Fact]
    public void Scenarios_are_taken_by_name_several_at_once()
    {
        var read = EndToEndArguments.Read(["--scenario", "duplicates", "new", "--rounds", "7", "--seconds", "2", "--scenario", "keys"]);

        Assert.Equal(["duplicates", "new", "keys"], read.Scenarios.Select(scenario => scenario.Name));
        Assert.Equal((7, 2, false), (read.Rounds, read.Seconds, read.IsHelp));
    }

    [Fact]
    public void Settings_reach_the_service_and_may_contain_the_sign_between()
    {
        var read = EndToEndArguments.Read(["--all", "--set", "durability=fsync", "--set", "trustedProxies=a=b", "--binary", "x", "--client", "own"]);

        Assert.Equal("fsync", read.Settings["durability"]);
        Assert.Equal("a=b", read.Settings["trustedProxies"]);
        Assert.Equal(("x", "own"), (read.Binary, read.Client));
        Assert.Equal(AllScenarios.List, read.Scenarios);
    }

    [Fact]
    public void Nothing_to_do_is_a_question_for_help() => Assert.True(EndToEndArguments.Read([]).IsHelp);

    [Fact]
    public void A_page_can_be_made_without_measuring()
    {
        var read = EndToEndArguments.Read(["--write"]);

        Assert.True(read.IsWrite);
        Assert.False(read.IsHelp);
        Assert.Empty(read.Scenarios);
    }

    [Theory]
    [InlineData("--scenario", "nosuch")]
    [InlineData("--scenario")]
    [InlineData("--rounds", "0")]
    [InlineData("--seconds", "x")]
    [InlineData("--set", "durability")]
    [InlineData("--client", "curl")]
    [InlineData("--nosuch")]
    public void What_cannot_be_understood_is_refused(params string[] args) => Assert.Throws<FormatException>(() => EndToEndArguments.Read(args));

    [Fact]
    public void Every_scenario_has_a_name_of_its_own() =>
        Assert.Equal(AllScenarios.List.Count, AllScenarios.List.Select(scenario => scenario.Name).Distinct().Count());
}
