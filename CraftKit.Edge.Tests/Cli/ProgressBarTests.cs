using CraftKit.Edge.Cli;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Cli;

public sealed class ProgressBarTests : IDisposable
{
    private readonly StringWriter _terminal = new();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void The_bar_grows_in_its_line_and_is_wiped_at_the_end()
    {
        using (var bar = new ProgressBar(_terminal, _clock))
        {
            bar.Show(0, "0 lines");
            _clock.Advance(TimeSpan.FromSeconds(1));
            bar.Show(0.5, "5");
        }

        Assert.Equal(
            "\r[                              ]   0% 0 lines"
            + "\r[###############               ]  50% 5      "
            + "\r" + new string(' ', 39) + "\r",
            _terminal.ToString());
    }

    [Fact]
    public void It_is_drawn_ten_times_a_second_at_most()
    {
        using var bar = new ProgressBar(_terminal, _clock);
        for (var i = 0; i < 1000; i++)
        {
            bar.Show(null, "x");
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(10, _terminal.ToString().Count(character => character == '\r'));
    }

    [Fact]
    public void A_bar_that_was_never_drawn_wipes_nothing()
    {
        new ProgressBar(_terminal, _clock).Dispose();
        Assert.Equal("", _terminal.ToString());
    }
}
