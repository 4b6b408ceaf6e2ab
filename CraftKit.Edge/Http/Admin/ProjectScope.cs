using CraftKit.Edge.Catalog;
using CraftKit.Edge.Service;

namespace CraftKit.Edge.Http.Admin;

/// <summary>The project that the first id of a path names.</summary>
internal static class ProjectScope
{
    /// <summary>Finds it; null when there is no such project, or it was deleted: 404, before the body is looked at.</summary>
    public static async Task<Project?> FindProjectAsync(this AdminGateway admin, AdminRequest request) =>
        request.Id(0) is { } id ? await admin.ReadAsync(catalog => catalog.Projects.FindLive(id), request.Aborted) : null;
}
