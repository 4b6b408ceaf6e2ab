namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>What a read from a connection brought.</summary>
internal enum LoadAnswer
{
    /// <summary>No whole answer yet.</summary>
    NotYet,

    /// <summary><c>{"recorded":true}</c>.</summary>
    Recorded,

    /// <summary><c>{"recorded":false}</c>.</summary>
    Duplicate,

    /// <summary>Another answer.</summary>
    Refused,
}
