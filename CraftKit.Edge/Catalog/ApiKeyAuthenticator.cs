using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace CraftKit.Edge.Catalog;

/// <summary>Finds the project that a request's API key opens. Any number of threads at once, without a lock; a key seen before costs
/// no allocation.</summary>
/// <remarks>
/// <para>A key counts when its SHA-256 is in the catalog. That hash costs most of a microsecond, so keys that matched are remembered
/// by a hash of theirs, keyed by chance in this process and compared in constant time: neither the memory nor the time of an
/// answer tells anything of a key.</para>
/// <para>What is remembered holds for the very key index that it was found with. A revoked key or a deleted project makes another
/// index, which empties the memory at once, also for a thread that is just about to write into it.</para>
/// </remarks>
internal sealed class ApiKeyAuthenticator
{
    // Direct-mapped, so two keys in use may share a place and cost a SHA-256 each; with a thousand keys that is one in eight.
    private const int PlaceBits = 12;

    private readonly CatalogRoot _catalog;
    private readonly KeyMac _mac;
    private readonly Presented?[] _presented = new Presented?[1 << PlaceBits];

    /// <summary>Authenticates against whatever snapshot is the newest.</summary>
    /// <param name="catalog">Where the snapshots are published.</param>
    /// <param name="mac">Keyed by chance, and with this process alone: <see cref="KeyMac.CreateRandom"/>.</param>
    public ApiKeyAuthenticator(CatalogRoot catalog, KeyMac mac)
    {
        _catalog = catalog;
        _mac = mac;
    }

    /// <summary>Reads the header and finds the key.</summary>
    /// <param name="authorizationHeader">The header's only value; empty when it is missing, or there more than once.</param>
    /// <param name="project">The project, unless the answer is 401.</param>
    public AuthenticationStatus Authenticate(ReadOnlySpan<char> authorizationHeader, out Project? project)
    {
        var live = BearerKey.TryRead(authorizationHeader, ApiKey.Scheme, out var key) ? Find(key) : null;
        project = live?.Project;
        if (live is null)
            return AuthenticationStatus.Unauthorized;
        if (live.Project.Deleted)
            return AuthenticationStatus.Forbidden;
        live.Use.Mark();
        return AuthenticationStatus.Granted;
    }

    [SkipLocalsInit]
    private LiveKey? Find(ReadOnlySpan<char> key)
    {
        Span<byte> buffer = stackalloc byte[KeyMac.BufferSize];
        if (Ascii.FromUtf16(key, buffer, out var length) != OperationStatus.Done)
            return null;
        var keys = _catalog.Snapshot.Keys;
        var mac = _mac.Compute(buffer, length);

        // The acquiring read pairs with the write in Remember: the reference leads to a complete entry or is the one before it.
        ref var place = ref _presented[mac.Place(PlaceBits)];
        var presented = Volatile.Read(ref place);
        if (presented is not null && presented.Generation == keys.Generation && presented.Mac.IsSame(mac))
            return presented.Key;
        return Remember(ref place, buffer[..length], keys, mac);
    }

    private static LiveKey? Remember(ref Presented? place, ReadOnlySpan<byte> key, KeyIndex keys, in KeyMac.Value mac)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        var live = keys.Find(KeyHash.Read(hash));

        // The releasing write publishes the entry complete. Of two threads the later one stays, and both are right.
        if (live is not null)
            Volatile.Write(ref place, new Presented(mac, keys.Generation, live));
        return live;
    }

    /// <summary>A key that matched. Immutable, hence whole to whoever sees the reference.</summary>
    private sealed class Presented(in KeyMac.Value mac, long generation, LiveKey key)
    {
        public readonly KeyMac.Value Mac = mac;
        public readonly long Generation = generation;
        public readonly LiveKey Key = key;
    }
}
