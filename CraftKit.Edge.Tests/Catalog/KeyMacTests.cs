using System.Numerics;
using System.Text;
using CraftKit.Edge.Catalog;
using Xunit;

namespace CraftKit.Edge.Tests.Catalog;

public sealed class KeyMacTests
{
    private readonly ulong[] _key = new ulong[KeyMac.KeyWords];
    private readonly KeyMac _mac;

    public KeyMacTests()
    {
        var random = new Random(1);
        for (var i = 0; i < _key.Length; i++)
            _key[i] = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        _mac = new KeyMac(_key);
    }

    [Fact]
    public void Every_length_gives_the_sums_of_the_definition()
    {
        for (var length = 0; length <= KeyMac.MaxLength; length++)
        {
            var text = TextOf(length);
            Assert.Equal((Sum(text, 0), Sum(text, 2)), Compute(_mac, text).ToNumbers());
        }
    }

    [Fact]
    public void No_two_of_many_similar_texts_meet()
    {
        var seen = new Dictionary<(UInt128, UInt128), string>();
        var text = TextOf(40);
        for (var at = 0; at < text.Length; at++)
        {
            for (var c = '\0'; c < 128; c++)
            {
                var other = text[..at] + c + text[(at + 1)..];
                if (other != text)
                    Assert.True(seen.TryAdd(Compute(_mac, other).ToNumbers(), other));
            }
        }

        // The zeros behind a text are not part of it.
        for (var zeros = 0; zeros <= 60; zeros++)
            Assert.True(seen.TryAdd(Compute(_mac, text + new string('\0', zeros)).ToNumbers(), text));
    }

    [Fact]
    public void What_stood_in_the_buffer_before_does_not_matter()
    {
        var dirty = new byte[KeyMac.BufferSize];
        Array.Fill(dirty, (byte)0xEE);
        "ck_live_x"u8.CopyTo(dirty);

        Assert.True(_mac.Compute(dirty, 9).IsSame(Compute(_mac, "ck_live_x")));
        Assert.False(_mac.Compute(dirty, 8).IsSame(Compute(_mac, "ck_live_x")));
    }

    [Fact]
    public void Places_are_spread_evenly()
    {
        const int Bits = 6, Texts = 64_000;
        var counts = new int[1 << Bits];
        for (var i = 0; i < Texts; i++)
            counts[Compute(_mac, $"ck_live_{i:d32}").Place(Bits)]++;

        Assert.All(counts, count => Assert.InRange(count, Texts / counts.Length * 3 / 4, Texts / counts.Length * 5 / 4));
    }

    [Fact]
    public void Two_processes_have_two_keys() =>
        Assert.False(Compute(KeyMac.CreateRandom(), "key").IsSame(Compute(KeyMac.CreateRandom(), "key")));

    private static string TextOf(int length) => new([.. Enumerable.Range(0, length).Select(i => (char)('0' + (i % 60)))]);

    private static KeyMac.Value Compute(KeyMac mac, string text)
    {
        var buffer = new byte[KeyMac.BufferSize];
        return mac.Compute(buffer, Encoding.ASCII.GetBytes(text, buffer));
    }

    /// <summary>The definition, with numbers of any size.</summary>
    private UInt128 Sum(string text, int offset)
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes(text), 0x80, .. new byte[15 - (text.Length % 16)]];
        var sum = BigInteger.Zero;
        for (var pair = 0; pair < bytes.Length / 16; pair++)
        {
            var left = unchecked(_key[(4 * pair) + offset] + BitConverter.ToUInt64(bytes, 16 * pair));
            var right = unchecked(_key[(4 * pair) + offset + 1] + BitConverter.ToUInt64(bytes, (16 * pair) + 8));
            sum += (BigInteger)left * right;
        }

        return (UInt128)(sum % (BigInteger.One << 128));
    }
}
