namespace CraftKit.Edge.Journal;

/// <summary>One finding of a <see cref="SegmentScanner"/>. Position, epoch and what follows mean nothing for damage.</summary>
internal readonly record struct SegmentFinding(SegmentFindingKind Kind, int Offset, int Bytes)
{
    /// <summary>Position of the record.</summary>
    public long Position { get; init; }

    /// <summary>Epoch under which the record is valid.</summary>
    public long Epoch { get; init; }

    /// <summary>Bytes of the payload.</summary>
    public int PayloadBytes { get; init; }

    /// <summary>Won or undecided, of a record.</summary>
    public JournalDecision Decision { get; init; }

    /// <summary>Claim delay in 100 ns, of a won record.</summary>
    public long ClaimDelay { get; init; }
}
