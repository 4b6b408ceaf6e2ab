using System.Text;
using CraftKit.Edge.Json;
using Xunit;

namespace CraftKit.Edge.Tests.Json;

/// <summary>Where a value ends, wherever it is cut.</summary>
public sealed class ValueEndTests
{
    [Theory]
    [InlineData("{}", 2)]
    [InlineData("{}}", 2)]
    [InlineData("[]]", 2)]
    [InlineData("[1},", 3)]
    [InlineData("\"\"\"", 2)]
    [InlineData("\"{[\"]", 4)]
    [InlineData("{\"}\"}", 5)]
    [InlineData("{\"\\\"}\"}", 7)]
    [InlineData("{\"\\\\\"}\"}", 6)]
    [InlineData("{\\\"}\"}", 6)]
    [InlineData("{\\}", 3)]
    [InlineData("{", -1)]
    [InlineData("{\"", -1)]
    [InlineData("{\"\\", -1)]
    [InlineData("{\"\\\"}", -1)]
    public void It_ends_with_its_last_bracket_or_its_second_quote(string text, int end)
    {
        // In every place of a block.
        for (var filling = 0; filling < 130; filling++)
        {
            var filled = text.Insert(1, new string(' ', filling));
            Assert.Equal(end < 0 ? end : end + filling, EndOf([Encoding.ASCII.GetBytes(filled)]));
        }
    }

    [Fact]
    public void Any_bytes_end_where_one_who_looks_at_each_says()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var ends = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var text = Any(random);
            var expected = Slowly(text);
            var (found, start) = (-1, 0);
            var end = new ValueEnd(isString: text[0] == '"');
            while (found < 0 && start < text.Length)
            {
                var length = Math.Min(random.Next(1, 200), text.Length - start);
                var at = end.Find(text.AsSpan(start, length));
                (found, start) = (at < 0 ? at : start + at, start + length);
            }

            ends += found < 0 ? 0 : 1;
            Assert.True(expected == found, $"seed {seed}: {Encoding.Latin1.GetString(text)}: {found} and not {expected}");
            Assert.Equal(expected, EndOf([text]));
            Assert.Equal(expected, EndOf(text.Select(one => new[] { one })));
        }

        Assert.InRange(ends, 5_000, 45_000);
    }

    private static int EndOf(IEnumerable<byte[]> pieces)
    {
        var before = 0;
        ValueEnd? end = null;
        foreach (var piece in pieces)
        {
            var value = end ?? new ValueEnd(isString: piece[0] == '"');
            var found = value.Find(piece);
            if (found >= 0)
                return before + found;
            (end, before) = (value, before + piece.Length);
        }

        return -1;
    }

    private static byte[] Any(Random random)
    {
        var text = new byte[random.Next(1, 400)];
        var brackets = random.Next(2, 40);
        for (var i = 0; i < text.Length; i++)
            text[i] = random.Next(brackets) == 0 ? "{}[]\"\""u8[random.Next(6)] : random.Next(8) == 0 ? (byte)'\\' : (byte)random.Next(256);
        text[0] = "{[\""u8[random.Next(3)];
        return text;
    }

    private static int Slowly(byte[] text)
    {
        var (depth, inString, escaped) = (0, false, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (escaped)
                escaped = false;
            else if (inString && text[i] == '\\')
                escaped = true;
            else if (text[i] == '"')
                inString = !inString;
            else if (!inString && text[i] is (byte)'{' or (byte)'[')
                depth++;
            else if (!inString && text[i] is (byte)'}' or (byte)']')
                depth--;
            else
                continue;
            if (depth == 0 && !inString && !escaped)
                return i + 1;
        }

        return -1;
    }
}
