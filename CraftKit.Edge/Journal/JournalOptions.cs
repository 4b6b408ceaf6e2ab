namespace CraftKit.Edge.Journal;

/// <summary>Where a journal is and how large.</summary>
internal sealed record JournalOptions
{
    /// <summary>Path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>Bytes for records, bookkeeping included; rounded down to whole segments.</summary>
    public required long CapacityBytes { get; init; }

    /// <summary>The longest payload in bytes; <see cref="CapacityBytes"/> must hold several of them.</summary>
    public required int MaxPayloadBytes { get; init; }

    /// <summary>Identity of the running boot, kept with the records for whoever put times since boot into them.</summary>
    public required Guid BootId { get; init; }

    /// <summary>How messages name the journal: the file's name without the folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);
}
