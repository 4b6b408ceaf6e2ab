namespace CraftKit.Edge.Catalog;

/// <summary>The keys that count, by their hashes. Immutable.</summary>
internal sealed class KeyIndex
{
    public static readonly KeyIndex Empty = new([]);

    private static long _lastGeneration;

    private readonly Dictionary<KeyHash, LiveKey> _keys;

    /// <summary>Takes the dictionary over.</summary>
    public KeyIndex(Dictionary<KeyHash, LiveKey> keys)
    {
        _keys = keys;

        // Only uniqueness counts: what makes an index visible to others is its publication, not this number.
        Generation = Interlocked.Increment(ref _lastGeneration);
    }

    /// <summary>Differs between any two indexes of the process: what was found out with one holds for that one alone.</summary>
    public long Generation { get; }

    public int Count => _keys.Count;

    /// <summary>The keys whose project was not deleted. Goes through all of them.</summary>
    public int CountLive() => _keys.Values.Count(key => !key.Project.Deleted);

    public LiveKey? Find(KeyHash hash) => _keys.GetValueOrDefault(hash);
}
