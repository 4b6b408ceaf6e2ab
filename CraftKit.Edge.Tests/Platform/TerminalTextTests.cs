using CraftKit.Edge.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Platform;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain text ~", "plain text ~")]
    [InlineData("", "")]
    [InlineData("Zürich 東京 😀", "Zürich 東京 😀")]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    [InlineData("a\r\nb\tc\0", "a\\u000d\\u000ab\\u0009c\\u0000")]
    [InlineData("\u007f\u0080\u009b2J", "\\u007f\\u0080\\u009b2J")]
    [InlineData("abc\u202Efdp.exe", "abc\\u202efdp.exe")]
    [InlineData("\u2066x\u2069 \u200B \uFEFF \u2028", "\\u2066x\\u2069 \\u200b \\ufeff \\u2028")]
    public void What_acts_is_shown_and_what_shows_stays(string text, string expected) => Assert.Equal(expected, TerminalText.Escape(text));

    [Fact]
    public void Half_a_surrogate_pair_is_shown()
    {
        Assert.Equal("a\\ud83d", TerminalText.Escape("a\ud83d"));
        Assert.Equal("\\ude00b", TerminalText.Escape("\ude00b"));
        Assert.Equal("\\ud83d😀", TerminalText.Escape("\ud83d😀"));
    }

    [Fact]
    public void No_control_character_is_left_whatever_comes()
    {
        for (var character = 0; character <= 0xFFFF; character++)
            Assert.DoesNotContain(TerminalText.Escape($"x{(char)character}y"), char.IsControl);
    }
}
