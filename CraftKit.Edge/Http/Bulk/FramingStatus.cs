namespace CraftKit.Edge.Http.Bulk;

/// <summary>What <see cref="BulkFraming"/> found.</summary>
internal enum FramingStatus : byte
{
    /// <summary>No whole item; the next one goes on with what comes next.</summary>
    More,

    /// <summary>An item, whatever it says.</summary>
    Item,

    /// <summary>An item that is larger than any may be.</summary>
    TooLarge,

    /// <summary>Where the next item begins cannot be told: this is the end.</summary>
    Fault,
}
