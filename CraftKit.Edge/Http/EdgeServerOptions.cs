using CraftKit.Edge.Configuration;

namespace CraftKit.Edge.Http;

/// <summary>What the listeners are told.</summary>
internal sealed record EdgeServerOptions
{
    /// <summary>Where the data plane listens, such as <c>http://127.0.0.1:8080</c>; port 0 takes a free one.</summary>
    public required string Url { get; init; }

    /// <summary>Where the admin plane listens; null or empty turns it off.</summary>
    public string? AdminUrl { get; init; }

    /// <summary>The certificate of https URLs.</summary>
    public TlsSection Tls { get; init; } = new();

    /// <summary>What carries the data plane's connections.</summary>
    public TransportKind Transport { get; init; } = TransportKind.Auto;

    /// <summary>Threads that serve them; 0 for one fewer than there are processors.</summary>
    public int TransportThreads { get; init; }

    /// <summary>The largest body of an event, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 65_536;

    /// <summary>The largest body of a bulk request, in bytes.</summary>
    public int MaxBulkBodyBytes { get; init; } = 8 << 20;

    /// <summary>Whose <c>X-Forwarded-For</c> is believed.</summary>
    public TrustedProxies TrustedProxies { get; init; } = TrustedProxies.None;
}
