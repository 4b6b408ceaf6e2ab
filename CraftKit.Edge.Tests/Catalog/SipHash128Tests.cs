using System.Buffers.Binary;
using CraftKit.Edge.Catalog;
using Xunit;

namespace CraftKit.Edge.Tests.Catalog;

public sealed class SipHash128Tests
{
    /// <summary>Of the authors' vectors: key 00 01 … 0f, input 00 01 … of the length given.</summary>
    [Theory]
    [InlineData(0, "A3817F04BA25A8E66DF67214C7550293")]
    [InlineData(1, "DA87C1D86B99AF44347659119B22FC45")]
    [InlineData(2, "8177228DA4A45DC7FCA38BDEF60AFFE4")]
    [InlineData(7, "A1F1EBBED8DBC153C0B84AA61FF08239")]
    [InlineData(8, "3B62A9BA6258F5610F83E264F31497B4")]
    [InlineData(9, "264499060AD9BAABC47F8B02BB6D71ED")]
    [InlineData(15, "5493E99933B0A8117E08EC0F97CFC3D9")]
    [InlineData(16, "6EE2A4CA67B054BBFD3315BF85230577")]
    [InlineData(31, "2939B0183223FAFC1723DE4F52C43D35")]
    [InlineData(40, "DF6A301E95C95DAD97AE0CC8C6913BD8")]
    [InlineData(63, "5150D1772F50834A503E069A973FBD7C")]
    public void The_published_vectors_come_out(int length, string expected)
    {
        var input = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var first = new SipHash128(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908).Compute(input, out var second);

        var output = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(output, first);
        BinaryPrimitives.WriteUInt64LittleEndian(output.AsSpan(8), second);
        Assert.Equal(expected, Convert.ToHexString(output));
    }

    [Fact]
    public void Two_processes_have_two_keys() =>
        Assert.NotEqual(SipHash128.CreateRandom().Compute("key"u8, out _), SipHash128.CreateRandom().Compute("key"u8, out _));
}
