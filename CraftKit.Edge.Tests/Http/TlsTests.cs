using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Http;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Tests.Catalog;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

/// <summary>https on the real listeners, with certificates of this run.</summary>
public class TlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogLines _log = new();
    private readonly InMemoryGateway _gateway = new();

    private protected virtual TransportKind Transport => TransportKind.Epoll;

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_event_is_recorded_over_tls(string version)
    {
        await using var server = CreateServer(WriteCertificate("edge"));
        var url = (await server.StartAsync(TestContext.Current.CancellationToken))[0];
        Assert.StartsWith("https://127.0.0.1:", url, StringComparison.Ordinal);

        using var client = Client(out _);
        using var request = Event(url, version);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(Version.Parse(version), response.Version);
        Assert.Equal("""{"recorded":true}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("127.0.0.1", Assert.Single(_gateway.Recorded).Address);
    }

    [Fact]
    public async Task Many_streams_of_one_connection_are_answered_each_with_its_own()
    {
        await using var server = CreateServer(WriteCertificate("edge"));
        var url = (await server.StartAsync(TestContext.Current.CancellationToken))[0];
        using var client = Client(out var connections);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async n =>
        {
            using var request = n % 2 == 0 ? Event(url, "2.0") : Get(url + "/healthz", "2.0");
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return (IsEvent: n % 2 == 0, Body: await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }));

        Assert.All(answers, answer => Assert.Equal(answer.IsEvent ? """{"recorded":true}""" : """{"status":"ok"}""", answer.Body));
        Assert.Equal(100, _gateway.Recorded.Count);
        Assert.Equal(1, connections());
    }

    [Fact]
    public async Task Errors_are_those_of_http()
    {
        await using var server = CreateServer(WriteCertificate("edge"));
        var url = (await server.StartAsync(TestContext.Current.CancellationToken))[0];
        using var client = Client(out _);
        using var request = new HttpRequestMessage(HttpMethod.Post, url + "/v1/renders/x/events") { Version = HttpVersion.Version20 };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());

        // The server's own refusal: it has its JSON below the encryption too.
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(url).Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(socket.GetStream(), false, TestCertificate.IsOurs);
        await tls.AuthenticateAsClientAsync("edge");
        await tls.WriteAsync("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(tls, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("""{"error":{"code":"bad_request","message":"The request is not valid HTTP."}}""", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_speaks_plain_http_gets_no_answer_and_others_go_on()
    {
        await using var server = CreateServer(WriteCertificate("edge"));
        var url = (await server.StartAsync(TestContext.Current.CancellationToken))[0];
        await using (var plain = await RawConnection.ConnectAsync(new IPEndPoint(IPAddress.Loopback, new Uri(url).Port)))
        {
            await plain.SendAsync("GET /healthz HTTP/1.1\r\nHost: edge\r\n\r\n");
            Assert.True(await plain.EndsAsync());
        }

        using var client = Client(out _);
        Assert.Equal("""{"status":"ok"}""", await client.GetStringAsync(new Uri(url + "/healthz"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_handshake_that_never_ends_holds_no_stop_up()
    {
        await using var server = CreateServer(WriteCertificate("edge"));
        var url = (await server.StartAsync(TestContext.Current.CancellationToken))[0];
        await using var silent = await RawConnection.ConnectAsync(new IPEndPoint(IPAddress.Loopback, new Uri(url).Port));

        await server.StopAsync(TimeSpan.FromMilliseconds(100)).WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        Assert.True(await silent.EndsAsync());
    }

    [Fact]
    public void A_renewed_certificate_is_taken_and_half_of_one_is_not()
    {
        var time = new FakeTimeProvider();
        var files = WriteCertificate("old");
        using var certificate = new TlsCertificate(files, time, _log.CreateLogger<TlsCertificate>());
        Assert.Equal("CN=old", certificate.Context.TargetCertificate.Subject);

        var other = WriteCertificate("new", "other");
        Replace(other.Certificate, files.Certificate, minutes: 1);
        time.Advance(TlsCertificate.LookEvery);
        Assert.Equal("CN=old", certificate.Context.TargetCertificate.Subject);
        Assert.Contains(_log.Lines, line => line.Contains("the old one stays", StringComparison.Ordinal));

        Replace(other.Key, files.Key, minutes: 2);
        time.Advance(TlsCertificate.LookEvery);
        Assert.Equal("CN=new", certificate.Context.TargetCertificate.Subject);
    }

    [Fact]
    public async Task The_chain_is_sent_with_the_certificate()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=root", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = rootRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var middleRequest = new CertificateRequest("CN=middle", middleKey, HashAlgorithmName.SHA256);
        middleRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var middle = middleRequest.Create(root, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12), [1]);
        using var middleWithKey = middle.CopyWithPrivateKey(middleKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var own = new CertificateRequest("CN=edge", key, HashAlgorithmName.SHA256)
            .Create(middleWithKey, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddHours(1), [2]);
        var files = new TlsSection { Certificate = _folder.PathOf("chain.pem"), Key = _folder.PathOf("chain.key") };
        await File.WriteAllTextAsync(files.Certificate, own.ExportCertificatePem() + "\n" + middle.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(files.Key, key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        await using var server = CreateServer(files);
        var url = (await server.StartAsync(TestContext.Current.CancellationToken))[0];

        var isWhole = false;
        using var client = new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, chain, _) =>
            {
                // The client knows the root alone: without the middle one it finds no way to it.
                chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.CustomTrustStore.Add(root);
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                isWhole = chain.Build(certificate!);
                return true;
            },
        });
        await client.GetStringAsync(new Uri(url + "/healthz"), TestContext.Current.CancellationToken);
        Assert.True(isWhole);
    }

    [Fact]
    public void Files_that_cannot_be_used_are_named_in_one_line()
    {
        var good = WriteCertificate("edge");
        var other = WriteCertificate("other", "other");
        var empty = _folder.PathOf("empty.pem");
        File.WriteAllText(empty, "");
        AssertRefused("tls.certificate: " + _folder.PathOf("none.pem"), good with { Certificate = _folder.PathOf("none.pem") });
        AssertRefused("tls.certificate: " + empty, good with { Certificate = empty });
        AssertRefused("tls.certificate: " + _folder.FullPath, good with { Certificate = _folder.FullPath });
        AssertRefused("tls.key: " + _folder.PathOf("none.pem"), good with { Key = _folder.PathOf("none.pem") });
        AssertRefused("tls.key: " + other.Key, good with { Key = other.Key });
        AssertRefused("tls.key: " + good.Certificate, good with { Key = good.Certificate });

        static void AssertRefused(string beginning, TlsSection files)
        {
            var failure = Assert.Throws<EdgeException>(() => TlsCertificate.Load(files));
            Assert.StartsWith(beginning + ": ", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', failure.Message);
            Assert.Equal(2, failure.ExitCode);
        }
    }

    private static void Replace(string from, string to, int minutes)
    {
        File.Copy(from, to, overwrite: true);
        File.SetLastWriteTimeUtc(to, DateTime.UtcNow.AddMinutes(minutes));
    }

    private static HttpRequestMessage Get(string url, string version) =>
        new(HttpMethod.Get, url) { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private static HttpRequestMessage Event(string url, string version)
    {
        var request = Get($"{url}/v1/renders/{InMemoryGateway.Render}/events", version);
        request.Method = HttpMethod.Post;
        request.Headers.Authorization = new("Bearer", InMemoryGateway.Key);
        request.Content = new StringContent("""{"eventType":"viewed"}""");
        return request;
    }

    private static HttpClient Client(out Func<int> connections)
    {
        var opened = 0;
        connections = () => opened;
        return new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                Interlocked.Increment(ref opened);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = TestCertificate.IsOurs },
        });
    }

    private EdgeServer CreateServer(TlsSection files) =>
        new(new EdgeServerOptions { Url = "https://127.0.0.1:0", Tls = files, Transport = Transport }, _gateway, _log, TimeProvider.System);

    private TlsSection WriteCertificate(string name, string file = "edge") => TestCertificate.Write(_folder.FullPath, name, file);
}

/// <summary>The same over the platform's sockets.</summary>
public sealed class TlsTestsOverSockets : TlsTests
{
    private protected override TransportKind Transport => TransportKind.Sockets;
}
