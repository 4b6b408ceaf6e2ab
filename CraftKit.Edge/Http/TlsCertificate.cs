using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Http;

/// <summary>The certificate of the <c>https</c> listeners, read from two PEM files, and again whenever those have changed: a renewed
/// certificate needs no restart.</summary>
/// <remarks>New connections get the new certificate, those that are there keep theirs. Files that cannot be used, such as a certificate whose
/// key is still to be written, leave the old one in place and are told in the log.</remarks>
internal sealed class TlsCertificate : IDisposable
{
    /// <summary>How often the files are looked at.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly TlsSection _files;
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    // Written by the timer, read by each handshake; volatile so that a handshake sees a context that is whole.
    private volatile SslStreamCertificateContext _context;
    private (DateTime, DateTime) _seen;

    /// <param name="files">Where the certificate and its key are.</param>
    /// <param name="time">Paces the looks at the files.</param>
    /// <param name="logger">Where renewals and their failures go.</param>
    /// <exception cref="EdgeException">A file cannot be read, or the two do not belong together (exit code 2).</exception>
    public TlsCertificate(TlsSection files, TimeProvider time, ILogger<TlsCertificate> logger)
    {
        _files = files;
        _logger = logger;
        _seen = Stamp();
        _context = Load(files);
        _timer = time.CreateTimer(static self => ((TlsCertificate)self!).Look(), this, LookEvery, LookEvery);
    }

    /// <summary>The certificate, and the chain that is sent with it.</summary>
    public SslStreamCertificateContext Context => _context;

    /// <summary>Reads both files.</summary>
    /// <exception cref="EdgeException">A file cannot be read, or the two do not belong together (exit code 2).</exception>
    public static SslStreamCertificateContext Load(TlsSection files)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPemFile(files.Certificate);
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw Fault("certificate", files.Certificate, exception.Message, exception);
        }

        if (chain.Count == 0)
            throw Fault("certificate", files.Certificate, "there is no certificate in PEM in it", null);
        try
        {
            // The first certificate is the server's own, what follows leads to a root.
            var own = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            chain.RemoveAt(0);
            return SslStreamCertificateContext.Create(Persisted(own), chain, offline: true);
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw Fault("key", files.Key, exception.Message, exception);
        }
    }

    /// <summary>Stops looking.</summary>
    public void Dispose() => _timer.Dispose();

    /// <summary>Takes the files again if they have changed.</summary>
    internal void Look()
    {
        var stamp = Stamp();
        if (stamp == _seen)
            return;
        try
        {
            _context = Load(_files);
            _seen = stamp;
            _logger.LogInformation("The certificate was renewed; it ends {End:u}", _context.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (EdgeException exception)
        {
            // Both files are looked at again next time: one may have been written before the other.
            _logger.LogWarning("The certificate has changed and cannot be used, the old one stays: {Reason}", exception.Message);
        }
    }

    private static bool IsUnreadable(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or NotSupportedException;

    private static EdgeException Fault(string key, string path, string reason, Exception? inner) =>
        new($"tls.{key}: {path}: {reason.ReplaceLineEndings(" ")}", ConfigurationFault.ExitCode, inner);

    /// <summary>Windows signs only with keys that are in its store.</summary>
    private static X509Certificate2 Persisted(X509Certificate2 certificate) =>
        OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null) : certificate;

    private (DateTime, DateTime) Stamp() => (File.GetLastWriteTimeUtc(_files.Certificate), File.GetLastWriteTimeUtc(_files.Key));
}
