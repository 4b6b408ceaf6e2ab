using System.Buffers;
using CraftKit.Edge.Json;

namespace CraftKit.Edge.Catalog;

/// <summary>The rule for ids of projects, keys, renders and shares (docs/API.md, "Terms").</summary>
internal static class CatalogId
{
    /// <summary>The longest id in characters, each of them ASCII.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule in words, to follow the name of what breaks it.</summary>
    public const string Rule = "must be 1 to 64 of A-Z a-z 0-9 _ -";

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);
    private static readonly SearchValues<byte> Bytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"u8);

    public static bool IsValid(ReadOnlySpan<char> id) => id.Length is > 0 and <= MaxLength && !id.ContainsAnyExcept(Characters);

    public static bool IsValid(ReadOnlySpan<byte> id) => id.Length is > 0 and <= MaxLength && !id.ContainsAnyExcept(Bytes);

    /// <summary>What is wrong with a text that should be an id, in the words of Zod; nothing when it is one.</summary>
    public static IEnumerable<string> FaultsOf(string text)
    {
        if (ZodWords.LengthFault(text.Length, MaxLength) is { } fault)
            yield return fault;
        if (text.AsSpan().ContainsAnyExcept(Characters))
            yield return ZodWords.Invalid;
    }

    /// <summary>A fresh id: a UUIDv7 of this moment.</summary>
    public static string Create(TimeProvider time) => Guid.CreateVersion7(time.GetUtcNow()).ToString();
}
