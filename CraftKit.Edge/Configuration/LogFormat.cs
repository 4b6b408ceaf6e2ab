namespace CraftKit.Edge.Configuration;

/// <summary>How a line of the log is written.</summary>
internal enum LogFormat
{
    /// <summary>One readable line an entry.</summary>
    Text,

    /// <summary>One JSON object an entry, on one line.</summary>
    Json,
}
