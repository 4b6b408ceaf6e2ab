using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Catalog;

namespace CraftKit.Edge.Bench.Catalog;

/// <summary>From the Authorization header to the project. Warm: the key index, and where it says so the memory of keys seen before.</summary>
public class AuthenticationBenchmarks
{
    // Sixteen times the places of keys seen before: nearly every key in rotation has been displaced when its turn comes.
    private const int ManyKeys = 1 << 16;

    private readonly string _unknown = Header(ApiKey.Create());
    private string[] _headers = null!;
    private ApiKeyAuthenticator _authenticator = null!;
    private int _next;
    private Dictionary<string, Project> _byHash = null!;

    [GlobalSetup]
    public void Publish()
    {
        var project = new Project(1, "p", deleted: false);
        var keys = Enumerable.Range(0, ManyKeys).Select(_ => ApiKey.Create()).ToArray();
        var index = new KeyIndex(keys.ToDictionary(key => KeyHash.Read(ApiKey.Hash(key)), key => new LiveKey("k", project)));
        _headers = Array.ConvertAll(keys, Header);
        _byHash = keys.ToDictionary(HexHash, _ => project);
        _authenticator = new ApiKeyAuthenticator(new CatalogRoot(CatalogSnapshot.Empty(1) with { Keys = index }), KeyMac.CreateRandom());
    }

    /// <summary>A key that was seen before: a MAC, no SHA-256. Nearly every request.</summary>
    [Benchmark(Baseline = true)]
    public bool SeenKey() => IsGranted(_headers[0]);

    /// <summary>For comparison: the usual way, a SHA-256 of the key for every request and a dictionary by its hexadecimal text.</summary>
    [Benchmark]
    public bool HashEachTime()
    {
        var header = _headers[0];
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && _byHash.TryGetValue(HexHash(header["Bearer ".Length..]), out _);
    }

    /// <summary>A live key that was not seen, or was displaced by another: SHA-256, look-up and remembering it.</summary>
    [Benchmark]
    public bool FreshKey() => IsGranted(_headers[_next++ & (ManyKeys - 1)]);

    /// <summary>A key that nobody has, well-formed: SHA-256 and a look-up each time.</summary>
    [Benchmark]
    public bool UnknownKey() => IsGranted(_unknown);

    /// <summary>Something that is no key at all.</summary>
    [Benchmark]
    public bool NoKey() => IsGranted("Basic dXNlcjpwYXNzd29yZA==");

    private static string HexHash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string Header(string key) => "Bearer " + key;

    private bool IsGranted(string header) => _authenticator.Authenticate(header, out _) == AuthenticationStatus.Granted;
}
