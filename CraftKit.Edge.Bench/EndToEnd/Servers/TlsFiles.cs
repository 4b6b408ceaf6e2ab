using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CraftKit.Edge.Bench.EndToEnd.Servers;

/// <summary>A certificate that signs itself, as the files that servers take.</summary>
internal sealed class TlsFiles
{
    private readonly byte[] _certificate;

    /// <summary>Makes a certificate for the loopback address and writes it to a folder.</summary>
    public TlsFiles(string folder)
    {
        Directory.CreateDirectory(folder);
        CertificatePath = Path.Combine(folder, "certificate.pem");
        KeyPath = Path.Combine(folder, "key.pem");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        _certificate = certificate.RawData;
        File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The certificate, PEM.</summary>
    public string CertificatePath { get; }

    /// <summary>Its private key, PEM.</summary>
    public string KeyPath { get; }

    /// <summary>TLS over a stream, to a server that shows this very certificate.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">It shows another.</exception>
    public Stream Encrypt(Stream stream)
    {
        var encrypted = new SslStream(stream, leaveInnerStreamOpen: false, (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(_certificate));
        encrypted.AuthenticateAsClient("127.0.0.1");
        return encrypted;
    }
}
