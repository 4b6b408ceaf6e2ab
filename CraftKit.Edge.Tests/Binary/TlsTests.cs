using System.Net.Security;
using System.Text.RegularExpressions;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>The program over https (docs/API.md, "Configuration keys").</summary>
public sealed partial class TlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_event_over_tls_is_stored(string version)
    {
        TestCertificate.Write(_folder.FolderPath, "edge");
        Configure("""{ "url": "https://127.0.0.1:0", "adminUrl": "", "tls": { "certificate": "edge.pem", "key": "edge.key" } }""");
        await using var server = EdgeProcess.Start(_folder.FolderPath, ["serve", "--demo"]);
        var line = await server.WaitForOutputAsync("curl -sS -X POST https://127.0.0.1:");
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = TestCertificate.IsOurs },
        });
        foreach (var answer in new[] { """{"recorded":true}""", """{"recorded":false}""" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, UrlPattern().Match(line).Value)
            {
                Version = Version.Parse(version),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StringContent("""{"eventType":"viewed"}"""),
            };
            request.Headers.Authorization = new("Bearer", KeyPattern().Match(line).Value);
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(answer, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        server.Signal("TERM");
        Assert.Equal(0, (await server.WaitAsync()).ExitCode);
        Assert.Contains("\"eventType\":\"viewed\"", (await EdgeProcess.RunAsync(_folder.FolderPath, ["events", "export"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handshakes_are_computed_beside_the_threads_that_serve_the_sockets()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the threads are read from /proc");
        TestCertificate.Write(_folder.FolderPath, "edge");
        Configure("""{ "url": "https://127.0.0.1:0", "adminUrl": "", "tls": { "certificate": "edge.pem", "key": "edge.key" } }""");
        await using var server = EdgeProcess.Start(
            _folder.FolderPath, ["serve", "--demo"], new Dictionary<string, string> { ["CRAFTKIT_EDGE__TRANSPORT"] = "epoll" });
        var url = new Uri(UrlPattern().Match(await server.WaitForOutputAsync("curl -sS -X POST https://127.0.0.1:")).Value);
        await HandshakeAsync(20);
        var before = LoopNanoseconds(server.Id);
        await HandshakeAsync(300);
        var after = LoopNanoseconds(server.Id);

        // A handshake takes some 0.5 ms of a processor and more; what the loop has to do for it, a few calls, a tenth.
        var (loops, all) = (after.Loops - before.Loops, after.All - before.All);
        Assert.True(loops < all * 0.4, $"the loops worked {loops / 1e6:F1} ms of {all / 1e6:F1} ms");

        async Task HandshakeAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var client = new System.Net.Sockets.TcpClient();
                await client.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
                await using var tls = new SslStream(client.GetStream(), false, TestCertificate.IsOurs);
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "edge", AllowTlsResume = false }, TestContext.Current.CancellationToken);
                await tls.WriteAsync("GET /healthz HTTP/1.1\r\nHost: edge\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
                var first = new byte[1];
                await tls.ReadExactlyAsync(first, TestContext.Current.CancellationToken);
                Assert.Equal((byte)'H', first[0]);
            }
        }
    }

    private static (long Loops, long All) LoopNanoseconds(int process)
    {
        var (loops, all) = (0L, 0L);
        foreach (var thread in Directory.GetDirectories($"/proc/{process}/task"))
        {
            var time = long.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            all += time;
            if (File.ReadAllText(Path.Combine(thread, "comm")).StartsWith("event loop", StringComparison.Ordinal))
                loops += time;
        }
        Assert.True(loops > 0, "no thread is called event loop");
        return (loops, all);
    }

    [Fact]
    public async Task A_certificate_without_its_key_stops_the_start_and_check_tells_it()
    {
        var files = TestCertificate.Write(_folder.FolderPath, "edge");
        File.Delete(files.Key);
        Configure("""{ "url": "https://127.0.0.1:0", "adminUrl": "", "tls": { "certificate": "edge.pem", "key": "edge.key" } }""");

        var serve = await EdgeProcess.RunAsync(_folder.FolderPath, ["serve"]);
        Assert.Equal(2, serve.ExitCode);
        Assert.StartsWith($"craftkit-edge: tls.key: {files.Key}: ", serve.Error, StringComparison.Ordinal);
        Assert.Single(serve.Error.TrimEnd('\n').Split('\n'));

        var check = await EdgeProcess.RunAsync(_folder.FolderPath, ["check"]);
        Assert.Equal(1, check.ExitCode);
        Assert.Contains($"FAULT  certificate: tls.key: {files.Key}: ", check.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0, "ok     certificate: CN=edge, ends ")]
    [InlineData(-1, 1, "FAULT  certificate: CN=edge, ended ")]
    public async Task Check_tells_when_the_certificate_ends(int days, int exitCode, string line)
    {
        TestCertificate.Write(_folder.FolderPath, "edge", end: DateTimeOffset.UtcNow.AddDays(days));
        Configure("""{ "url": "https://127.0.0.1:0", "tls": { "certificate": "edge.pem", "key": "edge.key" } }""");
        Assert.Equal(0, (await EdgeProcess.RunAsync(_folder.FolderPath, ["project", "add", "P"])).ExitCode);

        var check = await EdgeProcess.RunAsync(_folder.FolderPath, ["check"]);

        Assert.Contains(line, check.Output, StringComparison.Ordinal);
        Assert.Equal(exitCode, check.ExitCode);
    }

    [GeneratedRegex("https://[^ ]+")]
    private static partial Regex UrlPattern();

    [GeneratedRegex("ck_live_[A-Za-z0-9]+")]
    private static partial Regex KeyPattern();

    private void Configure(string json) => File.WriteAllText(_folder["config.json"], json);
}
