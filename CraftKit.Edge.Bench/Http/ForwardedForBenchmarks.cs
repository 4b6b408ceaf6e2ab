using System.Net;
using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using CraftKit.Edge.Http;
using Microsoft.Extensions.Primitives;

namespace CraftKit.Edge.Bench.Http;

/// <summary>Finding the client behind trusted proxies, of which five ranges are configured. Warm: code and header.</summary>
public class ForwardedForBenchmarks
{
    private readonly ClientAddress _peer = ClientAddress.FromIPv4(0x7F00_0001);
    private readonly StringValues _one = new("203.0.113.195");
    private readonly StringValues _chain = new("198.51.100.7, 203.0.113.195, 10.1.2.3, 172.16.31.200:8443");
    private readonly StringValues _v6 = new("2001:db8:85a3:8d3:1319:8a2e:370:7348");
    private TrustedProxies _trusted = TrustedProxies.None;

    [GlobalSetup]
    public void Configure()
    {
        string[] ranges = ["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8"];
        if (!TrustedProxies.TryParse(ranges, out _trusted, out var reason))
            throw new InvalidOperationException(reason);
    }

    /// <summary>One IPv4 address.</summary>
    [Benchmark(Baseline = true)]
    public bool OneIPv4() => ForwardedForReader.Read(_peer, _trusted, _one).IsIPv4;

    /// <summary>One IPv6 address.</summary>
    [Benchmark]
    public bool OneIPv6() => ForwardedForReader.Read(_peer, _trusted, _v6).IsIPv4;

    /// <summary>Two trusted proxies, one with a port, before the client's address.</summary>
    [Benchmark]
    public bool ThroughTwoProxies() => ForwardedForReader.Read(_peer, _trusted, _chain).IsIPv4;

    /// <summary>For comparison: the framework's parser on the one IPv4 address, which takes more for an address than the contract does.</summary>
    [Benchmark]
    public bool FrameworkParser() => IPAddress.TryParse(_one[0], out _);
}
