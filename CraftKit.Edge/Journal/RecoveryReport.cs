namespace CraftKit.Edge.Journal;

/// <summary>What was found in a journal. Counts of records are of those at or after the store's mark unless said otherwise.</summary>
internal sealed class RecoveryReport
{
    /// <summary>Bytes of the file; 0 when there is none.</summary>
    public long FileBytes { get; internal set; }

    /// <summary>Records whose claim was won.</summary>
    public long Won { get; internal set; }

    /// <summary>Complete records whose claim was not decided, or whose decision is damaged.</summary>
    public long Undecided { get; internal set; }

    /// <summary>Records that do not count.</summary>
    public long Voided { get; internal set; }

    /// <summary>Records that were being written when the process was killed; never acknowledged.</summary>
    public long Unfinished { get; internal set; }

    /// <summary>Complete records below the mark: stored already, passed over.</summary>
    public long AlreadyStored { get; internal set; }

    /// <summary>Bytes that are neither records nor zero.</summary>
    public long DamagedBytes { get; internal set; }

    /// <summary>Places that the damaged bytes are in.</summary>
    public int DamagedPlaces { get; internal set; }

    /// <summary>Why nothing at all of the file was read, as the end of a sentence that starts with the file's name; null otherwise.
    /// Then the whole file counts as one damaged place.</summary>
    public string? Refusal { get; internal set; }

    /// <summary>Where the damaged bytes were put; null when there are none or they were not set aside yet.</summary>
    public string? SetAsidePath { get; internal set; }

    /// <summary>Why setting aside failed; the bytes then stay in the journal, in segments that are not used. Null otherwise.</summary>
    public string? SetAsideFailure { get; internal set; }
}
