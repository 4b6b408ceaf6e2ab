namespace CraftKit.Edge.Journal;

/// <summary>What became of an attempt to take room in the journal.</summary>
internal enum AppendStatus
{
    /// <summary>Room is taken; the slot must be published or voided.</summary>
    Reserved,

    /// <summary>There is no room. Nothing was taken, no position was used up.</summary>
    Full,

    /// <summary>The payload is longer than this journal was laid out for. Nothing was taken.</summary>
    TooLarge,
}
