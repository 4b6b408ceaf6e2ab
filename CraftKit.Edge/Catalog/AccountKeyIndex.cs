using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Catalog;

/// <summary>The account keys that count, by their hashes. Immutable.</summary>
internal sealed class AccountKeyIndex
{
    public static readonly AccountKeyIndex Empty = new([]);

    private readonly Dictionary<KeyHash, KeyUse> _keys;

    public AccountKeyIndex(IReadOnlyCollection<(KeyHash Hash, KeyUse Use)> keys) => _keys = keys.ToDictionary(key => key.Hash, key => key.Use);

    /// <summary>Where the use of the key is marked; null when no such key counts.</summary>
    public KeyUse? Find(KeyHash hash) => _keys.GetValueOrDefault(hash);
}
