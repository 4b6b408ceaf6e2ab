using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace CraftKit.Edge.Catalog;

/// <summary>Finds out whether a request's account key counts. Any number of threads at once, without a lock.</summary>
/// <remarks>A key is looked up by its SHA-256 each time: the admin plane can afford the microsecond that <see cref="ApiKeyAuthenticator"/>
/// saves.</remarks>
internal sealed class AccountKeyAuthenticator(CatalogRoot catalog)
{
    /// <summary>Whether the header holds a live account key.</summary>
    /// <param name="authorizationHeader">The header's only value; empty when it is missing, or there more than once.</param>
    public bool Authenticate(ReadOnlySpan<char> authorizationHeader)
    {
        Span<byte> bytes = stackalloc byte[BearerKey.MaxLength];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (!BearerKey.TryRead(authorizationHeader, ApiKey.AccountScheme, out var key)
            || Ascii.FromUtf16(key, bytes, out var length) != OperationStatus.Done)
        {
            return false;
        }

        SHA256.HashData(bytes[..length], hash);
        var use = catalog.Snapshot.AccountKeys.Find(KeyHash.Read(hash));
        use?.Mark();
        return use is not null;
    }
}
