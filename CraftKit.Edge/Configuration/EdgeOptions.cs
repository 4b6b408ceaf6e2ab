using Microsoft.Extensions.Options;

namespace CraftKit.Edge.Configuration;

/// <summary>The whole configuration (docs/API.md, "Configuration keys"): the one place where defaults and ranges live. A property's
/// path in camel case is its key: <c>Journal.CapacityBytes</c> is <c>journal.capacityBytes</c>.</summary>
/// <remarks>The properties can be set because the generated binder sets them; after <see cref="EdgeOptionsLoader"/> nobody
/// does.</remarks>
internal sealed record EdgeOptions
{
    /// <summary>Smallest <see cref="MaxBodyBytes"/>, bytes.</summary>
    public const int MinMaxBodyBytes = 256;

    /// <summary>Largest <see cref="MaxBodyBytes"/>, bytes: 16 MiB.</summary>
    public const int MaxMaxBodyBytes = 16 * 1024 * 1024;

    /// <summary>Largest <see cref="TransportThreads"/>.</summary>
    public const int MaxTransportThreads = 1024;

    /// <summary>Where the data plane listens; see <see cref="ListenUrl"/> for what may stand here.</summary>
    public string Url { get; set; } = "http://127.0.0.1:8080";

    /// <summary>Where the admin plane listens, on another port than <see cref="Url"/>; empty turns the plane off. Must be loopback or
    /// https unless <see cref="AdminInsecure"/>.</summary>
    public string AdminUrl { get; set; } = "http://127.0.0.1:8081";

    /// <summary>Lets the admin plane listen without TLS on an address that is not loopback.</summary>
    public bool AdminInsecure { get; set; }

    /// <summary>What carries the data plane's connections.</summary>
    public TransportKind Transport { get; set; } = TransportKind.Auto;

    /// <summary>Threads that serve the data plane's connections, up to <see cref="MaxTransportThreads"/>; 0 for one fewer than there are
    /// processors, at least one.</summary>
    [Within(0, MaxTransportThreads)]
    public int TransportThreads { get; set; }

    /// <summary>The data folder. The loader makes it absolute: from the file it is relative to the file's folder, from anywhere else to the
    /// working folder.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Peers whose <c>X-Forwarded-For</c> is believed: addresses and CIDR ranges, none by default. Each has been checked by
    /// <see cref="Configuration.TrustedProxies"/>.</summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    /// <summary>The largest request body in bytes, 256 B to 16 MiB.</summary>
    [Within(MinMaxBodyBytes, MaxMaxBodyBytes)]
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>What an answer waits for.</summary>
    public Durability Durability { get; set; } = Durability.Journal;

    /// <inheritdoc cref="BulkSection"/>
    [ValidateObjectMembers]
    public BulkSection Bulk { get; set; } = new();

    /// <inheritdoc cref="DedupeSection"/>
    [ValidateObjectMembers]
    public DedupeSection Dedupe { get; set; } = new();

    /// <inheritdoc cref="JournalSection"/>
    [ValidateObjectMembers]
    public JournalSection Journal { get; set; } = new();

    /// <inheritdoc cref="RetentionSection"/>
    public RetentionSection Retention { get; set; } = new();

    /// <inheritdoc cref="TlsSection"/>
    public TlsSection Tls { get; set; } = new();

    /// <inheritdoc cref="LogSection"/>
    public LogSection Log { get; set; } = new();
}
