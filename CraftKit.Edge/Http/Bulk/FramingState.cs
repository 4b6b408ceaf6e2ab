namespace CraftKit.Edge.Http.Bulk;

/// <summary>Where <see cref="BulkFraming"/> is in a body.</summary>
internal enum FramingState
{
    /// <summary>Before a byte order mark or the first byte.</summary>
    Start,

    /// <summary>Nothing but white space has come.</summary>
    BeforeAny,

    /// <summary>Between two lines.</summary>
    BeforeLine,

    /// <summary>Within a line.</summary>
    InLine,

    /// <summary>After the opening bracket.</summary>
    BeforeFirst,

    /// <summary>After a comma.</summary>
    BeforeValue,

    /// <summary>Within an item of the array.</summary>
    InValue,

    /// <summary>After an item of the array.</summary>
    AfterValue,

    /// <summary>After the closing bracket, or the end.</summary>
    AfterArray,

    /// <summary>Nothing more is told apart.</summary>
    Failed,
}
