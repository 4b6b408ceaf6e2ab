namespace CraftKit.Edge.Service;

/// <summary>How exported events are written.</summary>
internal enum ExportFormat
{
    /// <summary>One JSON object an event, each on its line.</summary>
    JsonLines,

    /// <summary>RFC 4180 with a header row.</summary>
    Csv,
}
