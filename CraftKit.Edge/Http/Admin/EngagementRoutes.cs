using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Http;

namespace CraftKit.Edge.Http.Admin;

/// <summary><c>/v1/projects/{id}/renders/{renderId}/engagement</c>: what the data plane answers to the project's key.</summary>
internal sealed class EngagementRoutes(IEdgeGateway gateway)
{
    public AdminRoute[] All => [new AdminRoute("/v1/projects/{}/renders/{}/engagement").On(HttpMethods.Get, GetAsync)];

    private async Task<ApiAnswer?> GetAsync(AdminRequest request)
    {
        if (await gateway.Admin.FindProjectAsync(request) is not { } project)
            return ApiError.ProjectNotFound;
        return request.Id(1) is { } renderId && await EngagementEndpoint.ReadAsync(gateway, project, renderId, request.Aborted) is { } answer
            ? answer
            : ApiError.RenderNotInProject;
    }
}
