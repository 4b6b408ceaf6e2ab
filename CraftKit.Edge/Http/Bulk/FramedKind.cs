namespace CraftKit.Edge.Http.Bulk;

/// <summary>What an item of an array is, as far as its end goes.</summary>
internal enum FramedKind
{
    /// <summary>An object or an array: ends with its last bracket.</summary>
    Bracketed,

    /// <summary>Ends with its second quotation mark.</summary>
    String,

    /// <summary>A number or a word: ends before white space or a separator.</summary>
    Scalar,
}
