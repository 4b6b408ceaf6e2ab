using System.Globalization;
using CraftKit.Edge.Json;
using Xunit;

namespace CraftKit.Edge.Tests.Cli;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData("2026-05-03", "2026-05-03T00:00:00.000Z")]
    [InlineData("2026-05-03T10:20:00Z", "2026-05-03T10:20:00.000Z")]
    [InlineData("2026-05-03T10:20Z", "2026-05-03T10:20:00.000Z")]
    [InlineData("2026-05-03T10:20:00.5Z", "2026-05-03T10:20:00.500Z")]
    [InlineData("2026-05-03T10:20:00.123Z", "2026-05-03T10:20:00.123Z")]
    [InlineData("2026-05-03T10:20:00.1234567Z", "2026-05-03T10:20:00.123Z")]
    [InlineData("2026-05-03T10:20:00+02:00", "2026-05-03T08:20:00.000Z")]
    [InlineData("2026-05-03T10:20:00.001-05:30", "2026-05-03T15:50:00.001Z")]
    [InlineData("2026-05-03T10:20+00:00", "2026-05-03T10:20:00.000Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00.000Z")]
    public void A_time_with_an_offset_or_a_date_is_read(string text, string utc)
    {
        Assert.True(TimeText.TryParse(text, out var time));
        Assert.Equal(utc, TimeText.Of(time));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-05-03T10:20:00")]
    [InlineData("2026-05-03 10:20:00Z")]
    [InlineData("2026-05")]
    [InlineData("2026-5-3")]
    [InlineData("2026-02-29")]
    [InlineData("2026-05-03T24:00:00Z")]
    [InlineData("2026-05-03T10:20:00Z ")]
    [InlineData("03.05.2026")]
    [InlineData("1777803600")]
    public void Anything_else_is_refused(string text) => Assert.False(TimeText.TryParse(text, out _));

    [Fact]
    public void Culture_and_zone_of_the_machine_do_not_count()
    {
        Assert.True(TimeText.TryParse("2026-05-03", out var time));
        Assert.Equal(new DateTimeOffset(2026, 5, 3, 0, 0, 0, TimeSpan.Zero), time);
        Assert.Equal("2026-05-03T00:00:00.000Z", TimeText.Of(time.ToOffset(TimeSpan.FromHours(9))));
        Assert.Equal("2026-05-03", time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }
}
