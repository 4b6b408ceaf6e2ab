namespace CraftKit.Edge.Service;

/// <summary>Which events are exported, and how.</summary>
internal sealed record ExportOptions
{
    /// <summary>The form of a row.</summary>
    public ExportFormat Format { get; init; }

    /// <summary>Only the events of this project; null for all.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Only the events of this render; null for all.</summary>
    public string? RenderId { get; init; }

    /// <summary>Only events at or after this time; null from the first.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only events before this time; null to the last.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The file to write; null for the standard output.</summary>
    public string? Out { get; init; }
}
