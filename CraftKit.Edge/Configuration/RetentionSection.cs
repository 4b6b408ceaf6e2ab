namespace CraftKit.Edge.Configuration;

/// <summary>Section <c>retention</c>: how long events are kept.</summary>
internal sealed record RetentionSection
{
    /// <summary>Days that an event is kept; 0 keeps everything, which is all that this version can do.</summary>
    public int Days { get; set; }
}
