namespace CraftKit.Edge.Catalog;

/// <summary>An account key just made.</summary>
/// <param name="Key">What is stored of it.</param>
/// <param name="Plaintext">The key itself, to be shown this once: it is stored nowhere.</param>
internal sealed record CreatedAccountKey(AccountKey Key, string Plaintext);
