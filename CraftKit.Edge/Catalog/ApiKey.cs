using System.Security.Cryptography;
using System.Text;

namespace CraftKit.Edge.Catalog;

/// <summary>The form of a key (docs/API.md, "Terms"), a project's or an account's: made here, shown once, stored as a hash.</summary>
internal static class ApiKey
{
    /// <summary>How every key of a project begins.</summary>
    public const string Scheme = "ck_live_";

    /// <summary>How every account key begins; as long as <see cref="Scheme"/>.</summary>
    public const string AccountScheme = "ck_acct_";

    /// <summary>Characters of the key that are kept for display.</summary>
    public const int PrefixLength = 8 + 5;

    /// <summary>Bytes of the stored hash.</summary>
    public const int HashSize = SHA256.HashSizeInBytes;

    // 32 of 62 characters are 190 bits.
    private const int RandomLength = 32;

    /// <summary>A new key from the system's random source, each character equally likely.</summary>
    /// <param name="scheme">How it begins.</param>
    public static string Create(string scheme = Scheme) =>
        scheme + RandomNumberGenerator.GetString("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", RandomLength);

    /// <summary>The part of <paramref name="key"/> that may be shown.</summary>
    public static string PrefixOf(string key) => key[..PrefixLength];

    /// <summary>What is stored of <paramref name="key"/>. The key is random and long, so a plain hash cannot be reversed by trying.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.ASCII.GetBytes(key));
}
