namespace CraftKit.Edge.Configuration;

/// <summary>Section <c>tls</c>: the certificate of <c>https</c> addresses. Both or neither.</summary>
internal sealed record TlsSection
{
    /// <summary>Path of the certificate chain in PEM; empty without TLS.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>Path of the private key in PEM; empty without TLS.</summary>
    public string Key { get; set; } = "";
}
