using System.Text;

namespace CraftKit.Edge.Storage;

/// <summary>Which stored events an export takes.</summary>
/// <param name="projectId">Only this project's, unless null.</param>
/// <param name="renderId">Only this render's, unless null.</param>
/// <param name="since">Recorded at or after this time.</param>
/// <param name="until">Recorded before this time.</param>
internal sealed class EventFilter(string? projectId, string? renderId, DateTimeOffset? since, DateTimeOffset? until)
{
    private readonly byte[]? _projectId = projectId is null ? null : Encoding.UTF8.GetBytes(projectId);
    private readonly byte[]? _renderId = renderId is null ? null : Encoding.UTF8.GetBytes(renderId);

    /// <summary>Whether the export takes an event.</summary>
    public bool Takes(DateTimeOffset createdAt, ReadOnlySpan<byte> ofRender, ReadOnlySpan<byte> ofProject) =>
        (_projectId is null || ofProject.SequenceEqual(_projectId))
        && (_renderId is null || ofRender.SequenceEqual(_renderId))
        && (since is null || createdAt >= since)
        && (until is null || createdAt < until);
}
