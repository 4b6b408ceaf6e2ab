using System.Text;
using CraftKit.Edge.Events;
using CraftKit.Edge.Http;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

public sealed class UserAgentReaderTests
{
    [Fact]
    public void Ascii_is_cut_at_512_characters()
    {
        Assert.Equal(new string('a', 512), Read(Bytes(new string('a', 513))));
        Assert.Equal(new string('a', 512), Read(Bytes(new string('a', 512))));
    }

    [Fact]
    public void The_cut_counts_utf16_units_of_utf8()
    {
        Assert.Equal(new string('\u20ac', 512), Read(Encoding.UTF8.GetBytes(new string('\u20ac', 600))));
    }

    [Fact]
    public void The_cut_never_splits_a_surrogate_pair()
    {
        var even = string.Concat(Enumerable.Repeat("\U0001F600", 300));

        Assert.Equal(even[..512], Read(Encoding.UTF8.GetBytes(even)));
        Assert.Equal("x" + even[..510], Read(Encoding.UTF8.GetBytes("x" + even)));
    }

    [Fact]
    public void Latin1_is_cut_at_512_bytes_and_fits()
    {
        var bytes = Enumerable.Repeat((byte)0xFF, 600).ToArray();

        Assert.Equal(new string('\u00ff', 512), Read(bytes));
    }

    [Fact]
    public void One_bad_byte_makes_the_whole_value_latin1()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("caf\u00e9 "), .. Enumerable.Repeat((byte)'x', 2_000), 0xFF];

        Assert.Equal(Encoding.Latin1.GetString(bytes)[..512], Read(bytes));
    }

    [Fact]
    public void A_bad_byte_beyond_ascii_that_fills_the_cut_changes_nothing()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)'x', 512), 0xFF];

        Assert.Equal(new string('x', 512), Read(bytes));
    }

    [Fact]
    public void Any_bytes_whatever_become_valid_utf8_of_at_most_512_units()
    {
        var random = new Random(512);
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = new byte[random.Next(1_200)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
                bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));

            var text = Read(bytes);

            Assert.InRange(text.Length, 0, 512);
            Assert.Equal(i % 2 == 0 ? CutOf(Encoding.UTF8.GetString(bytes)) : IsUtf8(bytes) ? text : Encoding.Latin1.GetString(bytes)[..Math.Min(512, bytes.Length)], text);
        }
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var latin1 = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("Mozilla/5.0 (caf\u00e9)"));
        Span<byte> destination = stackalloc byte[EventRecord.MaxUserAgentBytes];
        var before = 0L;
        var written = 0;
        for (var i = 0; i < 2_000; i++)
        {
            if (i == 1_000)
                before = GC.GetAllocatedBytesForCurrentThread();
            written += UserAgentReader.Read(latin1, destination);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2_000 * 19, written);
    }

    private static string CutOf(string text) =>
        text.Length <= 512 ? text : char.IsHighSurrogate(text[511]) ? text[..511] : text[..512];

    private static bool IsUtf8(byte[] bytes) => System.Text.Unicode.Utf8.IsValid(bytes);

    private static byte[] Bytes(string ascii) => Encoding.ASCII.GetBytes(ascii);

    private static string Read(byte[] header)
    {
        Span<byte> destination = stackalloc byte[EventRecord.MaxUserAgentBytes];
        var written = UserAgentReader.Read(Encoding.Latin1.GetString(header), destination);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(destination[..written]);
    }
}
