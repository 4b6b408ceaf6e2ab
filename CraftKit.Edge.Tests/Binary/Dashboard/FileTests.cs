using System.Text.RegularExpressions;
using CraftKit.Edge.Http;
using CraftKit.Edge.Tests.Binary.Contract;
using CraftKit.Edge.Tests.Docs;
using Xunit;

namespace CraftKit.Edge.Tests.Binary.Dashboard;

/// <summary>The files that the page is made of. Their answers are walked through by <see cref="ContractTests"/>.</summary>
public sealed partial class FileTests : IAsyncLifetime
{
    private static readonly string[] Files =
        [.. new ContractDocument(Repository.Read("openapi.yaml")).Operation("readDashboardFile").Parameters("path")["file"]["schema"]!["enum"]!.AsArray().Select(name => name!.GetValue<string>())];

    private readonly HttpClient _client = new();
    private ServedFolder? _folder;
    private string _url = "";

    private static IEnumerable<string> Paths => Files.Select(name => $"/dashboard/{name}").Prepend("/");

    public async ValueTask InitializeAsync()
    {
        _folder = await ServedFolder.CreateAsync();
        await _folder.StartAsync(arguments: ["--admin-url", "http://127.0.0.1:0"]);
        _url = await ServedDashboard.UrlAsync(_folder);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_folder is not null)
            await _folder.DisposeAsync();
    }

    [Fact]
    public void Each_file_of_the_folder_is_in_the_program_and_described() => Assert.Equal(
        Directory.GetFiles(Repository.PathOf("CraftKit.Edge/Dashboard")).Select(path => $"dashboard/{Path.GetFileName(path)}").Order(StringComparer.Ordinal),
        typeof(EdgeServer).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("dashboard/", StringComparison.Ordinal))
            .Intersect(Files.Append("index.html").Select(name => $"dashboard/{name}")).Order(StringComparer.Ordinal));

    [Fact]
    public async Task All_together_they_have_at_most_100_KiB()
    {
        var bytes = 0;
        foreach (var path in Paths)
            bytes += (await _client.GetByteArrayAsync(new Uri(_url + path), TestContext.Current.CancellationToken)).Length;

        Assert.InRange(bytes, 10_000, 100 * 1024);
    }

    [Fact]
    public async Task Each_is_kept_to_the_page_by_its_headers()
    {
        foreach (var path in Paths)
        {
            using var response = await _client.GetAsync(new Uri(_url + path), TestContext.Current.CancellationToken);
            string Header(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : $"{path} has no {name}";
            var policy = Header("Content-Security-Policy").Split("; ");
            Assert.Superset(
                new HashSet<string>(["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'"]),
                policy.ToHashSet());
            Assert.DoesNotContain(policy, directive => directive.Contains("unsafe", StringComparison.Ordinal) || directive.Contains("http", StringComparison.Ordinal) || directive.Contains('*', StringComparison.Ordinal));
            Assert.Equal("nosniff", Header("X-Content-Type-Options"));
            Assert.Equal("DENY", Header("X-Frame-Options"));
            Assert.Equal("no-referrer", Header("Referrer-Policy"));
            Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
            Assert.Equal("no-cache", Header("Cache-Control"));
            Assert.StartsWith("has no", Header("Access-Control-Allow-Origin")[(path.Length + 1)..], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void None_names_an_address_elsewhere_or_has_script_or_style_inline()
    {
        foreach (var name in Files.Append("index.html"))
            Assert.Empty(Outside().Matches(Repository.Read($"CraftKit.Edge/Dashboard/{name}")).Select(match => $"{name}: {match.Value}"));
    }

    // The name space of SVG is an address that nobody asks.
    [GeneratedRegex("""(?:https?:)?//(?!www\.w3\.org/2000/svg["'])[a-z0-9.-]+\.[a-z]+|@import|url\(|<script(?! type="module" src="/dashboard/)|<style|\bstyle=|\bon[a-z]+="|\beval\(|innerHTML|insertAdjacentHTML|document\.write""")]
    private static partial Regex Outside();
}
