namespace CraftKit.Edge.Journal;

/// <summary>A record as read from the journal: a view over its bytes, nothing copied.</summary>
internal readonly ref struct JournalRecord
{
    /// <summary>Where the record starts; unique over the whole life of the data folder, ascending in the order of appending.</summary>
    public long Position { get; init; }

    /// <summary>Where the next one starts at the earliest: the position to keep once this record is stored.</summary>
    public long EndPosition { get; init; }

    /// <summary>The bytes that were appended.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The outcome of the claim.</summary>
    public JournalDecision Decision { get; init; }

    /// <summary>Of a won record: the claim's time minus the record's, in 100 ns, 0 to <see cref="DecisionWord.MaxDelay"/>.</summary>
    public long ClaimDelay { get; init; }

    /// <summary>The boot in which the record was written; empty when the head that says so is damaged.</summary>
    public Guid BootId { get; init; }
}
