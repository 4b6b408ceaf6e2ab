using System.Net;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("::ffff:10.0.0.0/104", "10.255.255.255", true)]
    [InlineData("::ffff:10.0.0.0/104", "11.0.0.0", false)]
    [InlineData("203.0.113.128/25", "203.0.113.128", true)]
    [InlineData("203.0.113.128/25", "203.0.113.127", false)]
    [InlineData("203.0.113.1/32", "203.0.113.1", true)]
    [InlineData("0.0.0.0/0", "203.0.113.1", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::/0", "203.0.113.1", false)]
    [InlineData("::ffff:0:0/96", "203.0.113.1", true)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("2001:db8:0:1::/64", "2001:db8:0:1:ffff::", true)]
    [InlineData("2001:db8:0:1::/64", "2001:db8:0:2::", false)]
    [InlineData("2001:db8::8000:0:0:0/65", "2001:db8::8000:0:0:1", true)]
    [InlineData("2001:db8::8000:0:0:0/65", "2001:db8::1", false)]
    [InlineData("fe80::/10", "fe80::1%3", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("::1/128", "::2", false)]
    public void An_entry_holds_the_addresses_of_its_range(string entry, string address, bool held)
    {
        Assert.True(TrustedProxies.TryParse([entry], out var proxies, out var reason), reason);

        Assert.Equal(held, proxies.Contains(ClientAddress.From(IPAddress.Parse(address))));
    }

    [Theory]
    [InlineData("", "neither an IP address")]
    [InlineData("proxy.local", "neither an IP address")]
    [InlineData("10.0.0", "neither an IP address")]
    [InlineData("10.0.0.1:80", "neither an IP address")]
    [InlineData("fe80::1%eth0", "neither an IP address")]
    [InlineData("10.0.0.0/33", "not 0 to 32")]
    [InlineData("10.0.0.0/-1", "not 0 to 32")]
    [InlineData("10.0.0.0/", "not 0 to 32")]
    [InlineData("10.0.0.0/8/8", "not 0 to 32")]
    [InlineData("10.0.0.0/ 8", "not 0 to 32")]
    [InlineData("::/129", "not 0 to 128")]
    [InlineData("10.0.0.1/8", "did you mean 10.0.0.0/8?")]
    [InlineData("2001:db8::1/32", "did you mean 2001:db8::/32?")]
    public void An_entry_that_cannot_be_read_is_named_with_the_reason(string entry, string reason)
    {
        Assert.False(TrustedProxies.TryParse(["10.0.0.1", entry], out var proxies, out var told));

        Assert.True(proxies.IsEmpty);
        Assert.Contains($"\"{entry}\"", told, StringComparison.Ordinal);
        Assert.Contains(reason, told, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_is_trusted_by_default()
    {
        Assert.True(TrustedProxies.TryParse([], out var proxies, out _));

        Assert.True(proxies.IsEmpty);
        Assert.False(proxies.Contains(ClientAddress.From(IPAddress.Loopback)));
    }
}
