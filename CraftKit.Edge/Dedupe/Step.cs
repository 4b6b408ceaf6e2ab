namespace CraftKit.Edge.Dedupe;

/// <summary>The accesses to shared memory, and to the clock, whose order among threads matters. Each name says what comes next.</summary>
internal enum Step
{
    /// <summary>The shard's table is read.</summary>
    TakeTable,

    /// <summary>The clock is read, for a claim or a look.</summary>
    ReadClock,

    /// <summary>A slot's fingerprint is read.</summary>
    ReadFingerprint,

    /// <summary>A fingerprint is put into an empty slot, by compare-and-swap.</summary>
    PutFingerprint,

    /// <summary>A slot's time word is read.</summary>
    ReadTime,

    /// <summary>A claim's time is put in the place of an older one, by compare-and-swap.</summary>
    SwapTime,

    /// <summary>An empty slot is made a tombstone, by compare-and-swap.</summary>
    BuryEmpty,

    /// <summary>A time word gets its seal.</summary>
    SealTime,

    /// <summary>The clock is read, for a copy.</summary>
    ReadClockToCopy,

    /// <summary>A slot is copied when it is live.</summary>
    CopySlot,

    /// <summary>The new table takes the place of the old one in the shard, by compare-and-swap.</summary>
    Publish,

    /// <summary>A claimer that cannot go on in a table finds out whether it is the first to replace it.</summary>
    BeginReplacement,

    /// <summary>Somebody else's replacement is waited for, once more.</summary>
    Await,
}
