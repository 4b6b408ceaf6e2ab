using System.Net;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using CraftKit.Edge.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

public sealed class ForwardedForReaderTests
{
    private const string Peer = "10.0.0.1";

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("198.51.100.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7, 10.1.2.3", "203.0.113.7")]
    [InlineData("203.0.113.7,10.1.2.3,\t10.9.9.9 ", "203.0.113.7")]
    [InlineData("garbage, 203.0.113.7, 10.1.2.3", "203.0.113.7")]
    [InlineData("203.0.113.7:4711", "203.0.113.7")]
    [InlineData("203.0.113.7:0", "203.0.113.7")]
    [InlineData("203.0.113.7:65535", "203.0.113.7")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("[2001:db8::1]:443", "2001:db8::1")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("[::FFFF:cb00:7107]:1", "203.0.113.7")]
    [InlineData("203.0.113.7, ::ffff:10.1.2.3", "203.0.113.7")]
    [InlineData("203.0.113.7, [::ffff:10.1.2.3]:80, 10.2.3.4:90", "203.0.113.7")]
    public void The_right_most_address_that_is_not_trusted_counts(string header, string expected)
    {
        Assert.Equal(expected, Read(header));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(",")]
    [InlineData("203.0.113.7,")]
    [InlineData("203.0.113.7, ,10.1.2.3")]
    [InlineData("203.0.113.7, unknown")]
    [InlineData("203.0.113.7, unknown, 10.1.2.3")]
    [InlineData("203.0.113")]
    [InlineData("1")]
    [InlineData("0x7f.1")]
    [InlineData("203.0.113.256")]
    [InlineData("203.0.113.07")]
    [InlineData("203.0.113.0007")]
    [InlineData("00.0.0.0")]
    [InlineData("203.0.113.7.1")]
    [InlineData("203.0.113.")]
    [InlineData(".0.113.7")]
    [InlineData("203.0.113.7:")]
    [InlineData("203.0.113.7:65536")]
    [InlineData("203.0.113.7:http")]
    [InlineData("203.0.113.7:+80")]
    [InlineData("[203.0.113.7]")]
    [InlineData("[203.0.113.7]:80")]
    [InlineData("[2001:db8::1")]
    [InlineData("2001:db8::1]")]
    [InlineData("[2001:db8::1]80")]
    [InlineData("[2001:db8::1]:")]
    [InlineData("[]")]
    [InlineData("[")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[fe80::1%25eth0]:80")]
    [InlineData("2001:db8:::1")]
    [InlineData("2001::db8::1")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("12345::")]
    [InlineData("::g")]
    [InlineData(":")]
    [InlineData(":1")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData(":1:2:3:4:5:6:7:8")]
    [InlineData("::1.2.3")]
    [InlineData("1.2.3.4::")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("\"203.0.113.7\"")]
    [InlineData("for=203.0.113.7")]
    [InlineData("203.0.113.7 10.1.2.3")]
    [InlineData("\u00b2.0.0.1")]
    [InlineData("\u00ff\u00fe")]
    public void An_element_that_cannot_be_read_leaves_the_peer(string header)
    {
        Assert.Equal(Peer, Read(header));
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("10.1.2.3, ::ffff:10.0.0.9, 10.0.0.1:80")]
    public void Nothing_but_trusted_addresses_leaves_the_peer(string header)
    {
        Assert.Equal(Peer, Read(header));
    }

    [Fact]
    public void Without_the_header_the_peer_counts()
    {
        Assert.Equal(Peer, Read(StringValues.Empty));
    }

    [Fact]
    public void All_lines_are_one_list()
    {
        Assert.Equal("203.0.113.7", Read(new StringValues(["198.51.100.1", "198.51.100.2, 203.0.113.7", "10.1.2.3"])));
        Assert.Equal(Peer, Read(new StringValues(["203.0.113.7", "", "10.1.2.3"])));
    }

    [Fact]
    public void A_peer_that_is_not_trusted_speaks_for_itself()
    {
        Assert.True(TrustedProxies.TryParse(["192.0.2.0/24"], out var trusted, out _));

        Assert.Equal(Peer, ForwardedForReader.Read(Address(Peer), trusted, "203.0.113.7").ToString());
    }

    [Fact]
    public void What_reads_as_ipv6_is_what_the_platform_makes_of_it()
    {
        var random = new Random(4291);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[16];
            random.NextBytes(bytes);
            for (var zeroed = random.Next(17); zeroed > 0; zeroed--)
                bytes[random.Next(16)] = 0;
            var text = new IPAddress(bytes).ToString();

            Assert.True(AddressReader.TryReadIPv6(text, out var read), text);
            Assert.Equal(ClientAddress.Read(bytes), read);
        }
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        Assert.True(TrustedProxies.TryParse(["10.0.0.0/8", "fd00::/8"], out var trusted, out _));
        StringValues lines = "198.51.100.1, [2001:db8::7]:443, 10.1.2.3:80";
        var peer = Address(Peer);
        var before = 0L;
        for (var i = 0; i < 2_000; i++)
        {
            if (i == 1_000)
                before = GC.GetAllocatedBytesForCurrentThread();
            Assert.False(ForwardedForReader.Read(peer, trusted, lines).IsIPv4);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Read(StringValues lines)
    {
        Assert.True(TrustedProxies.TryParse(["10.0.0.0/8"], out var trusted, out _));
        return ForwardedForReader.Read(Address(Peer), trusted, lines).ToString();
    }

    private static ClientAddress Address(string text) => ClientAddress.From(IPAddress.Parse(text));
}
