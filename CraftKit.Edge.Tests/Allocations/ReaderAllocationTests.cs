using System.Text;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using CraftKit.Edge.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace CraftKit.Edge.Tests.Allocations;

public sealed class ReaderAllocationTests
{
    private const int Operations = 2000;

    [Theory]
    [InlineData("""{"eventType":"viewed"}""")]
    [InlineData("""{"eventType":"downloaded","metadata":{"a":[1,2.5e3,{"b":null}],"\u00e9\ud83d\ude00":"\"escaped\"","é":true},"more":[[],{}]}""")]
    [InlineData("""{"event\u0054ype":"p\u0072inted"}""")]
    public void Reading_a_body_that_fits_allocates_nothing(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var fitting = 0;

        Assert.Equal(0, AllocatedBytes.Of(Operations, _ => fitting += EventBodyReader.Read(body).Type != EventType.None ? 1 : 0));
        Assert.Equal(1000 + Operations, fitting);
    }

    [Fact]
    public void Reading_a_body_with_8_KiB_of_metadata_allocates_nothing()
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"eventType":"viewed","metadata":{"text":"{{{new string('x', 8192)}}}"}}""");
        var bytes = 0L;

        Assert.Equal(0, AllocatedBytes.Of(Operations, _ => bytes += EventBodyReader.Read(body).Metadata.Length));
        Assert.True(bytes > 8192L * Operations, $"{bytes} bytes of metadata");
    }

    [Theory]
    [InlineData("203.0.113.195", "203.0.113.195")]
    [InlineData("2001:db8:85a3::8a2e:370:7348", "2001:db8:85a3::8a2e:370:7348")]
    [InlineData("198.51.100.7, 203.0.113.195, 10.1.2.3, [::ffff:10.0.0.1]:8443", "203.0.113.195")]
    [InlineData("203.0.113.195, nonsense", "127.0.0.1")]
    public void Reading_a_forwarded_address_allocates_nothing(string line, string expected)
    {
        Assert.True(TrustedProxies.TryParse(["127.0.0.0/8", "10.0.0.0/8"], out var trusted, out var reason), reason);
        var header = new StringValues(line);
        var address = default(ClientAddress);

        Assert.Equal(0, AllocatedBytes.Of(Operations, _ => address = ForwardedForReader.Read(ClientAddress.FromIPv4(0x7F00_0001), trusted, header)));
        Assert.Equal(expected, address.ToString());
    }

    [Theory]
    [InlineData("curl/8.14.1")]
    [InlineData("caf\u00c3\u00a9/1.0")]
    [InlineData("caf\u00e9/1.0")]
    public void Reading_a_user_agent_allocates_nothing(string latin1)
    {
        var bytes = new byte[EventRecord.MaxUserAgentBytes];
        var length = 0;

        Assert.Equal(0, AllocatedBytes.Of(Operations, _ => length = UserAgentReader.Read(latin1, bytes)));
        Assert.True(length >= latin1.Length - 1, $"{length} bytes");
    }
}
