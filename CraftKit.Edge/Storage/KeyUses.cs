namespace CraftKit.Edge.Storage;

/// <summary>When each key was last used, to the minute, in memory; <c>events.db</c> holds it a little behind (<see cref="KeyUseTable"/>), since
/// it changes with traffic and the catalog does not.</summary>
/// <remarks>Requests only mark their key's <see cref="KeyUse"/>. Whoever looks here turns marks into times, under the lock; so a time is that of the
/// first look after the use, and the writer looks every few seconds.</remarks>
internal sealed class KeyUses(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Where the use of a key is marked: the same object for one id always.</summary>
    public KeyUse Of(string keyId)
    {
        lock (_lock)
            return EntryOf(keyId).Use;
    }

    /// <summary>The last use of a key; null when it was never used.</summary>
    public DateTimeOffset? LastUse(string keyId)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(keyId, out var entry))
                return null;
            Look(entry);
            return entry.Minute;
        }
    }

    /// <summary>Takes over what is stored, at start.</summary>
    public void Restore(string keyId, DateTimeOffset minute)
    {
        lock (_lock)
            EntryOf(keyId).Minute = minute;
    }

    /// <summary>The keys whose stored time is behind, with the time that they should have. They stay behind until <see cref="Stored"/>.</summary>
    public List<(string KeyId, DateTimeOffset Minute)> Behind()
    {
        var behind = new List<(string, DateTimeOffset)>();
        lock (_lock)
        {
            foreach (var (keyId, entry) in _entries)
            {
                Look(entry);
                if (entry.IsBehind)
                    behind.Add((keyId, entry.Minute!.Value));
            }
        }

        return behind;
    }

    /// <summary>These times are stored.</summary>
    public void Stored(List<(string KeyId, DateTimeOffset Minute)> stored)
    {
        lock (_lock)
        {
            foreach (var (keyId, minute) in stored)
            {
                // Used again in another minute meanwhile: that one is still to come.
                var entry = _entries[keyId];
                if (entry.Minute == minute)
                    entry.IsBehind = false;
            }
        }
    }

    private void Look(Entry entry)
    {
        if (!entry.Use.TryTake())
            return;

        // Only now: the mark that was taken stands for every use up to the taking, and none of them is later than this.
        var now = time.GetUtcNow();
        var minute = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        if (entry.Minute == minute)
            return;
        entry.Minute = minute;
        entry.IsBehind = true;
    }

    private Entry EntryOf(string keyId)
    {
        if (!_entries.TryGetValue(keyId, out var entry))
            _entries.Add(keyId, entry = new Entry());
        return entry;
    }

    private sealed class Entry
    {
        public readonly KeyUse Use = new();
        public DateTimeOffset? Minute;
        public bool IsBehind;
    }
}
