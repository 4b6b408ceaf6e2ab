using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CraftKit.Edge.Configuration;

namespace CraftKit.Edge.Tests;

/// <summary>Self-signed certificates of one test's own.</summary>
internal static class TestCertificate
{
    /// <summary>Makes one for <c>CN=name</c> and writes it and its key into a folder, as <c>file.pem</c> and <c>file.key</c>.</summary>
    public static TlsSection Write(string folder, string name, string file = "edge", DateTimeOffset? end = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), end ?? DateTimeOffset.UtcNow.AddDays(1));
        var files = new TlsSection { Certificate = Path.Combine(folder, file + ".pem"), Key = Path.Combine(folder, file + ".key") };
        File.WriteAllText(files.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    /// <summary>Trusts the certificate of the name <c>edge</c> alone.</summary>
    public static bool IsOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate?.Subject == "CN=edge";
}
