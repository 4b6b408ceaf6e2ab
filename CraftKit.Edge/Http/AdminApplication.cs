using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Http;

/// <summary>The admin plane: for now the two probes.</summary>
internal sealed class AdminApplication(IEdgeGateway gateway, ILogger<AdminApplication> logger) : IHttpApplication<RequestContext>
{
    private readonly Probes _probes = new(gateway);
    private readonly RequestGuard _guard = new(logger);

    public RequestContext CreateContext(IFeatureCollection contextFeatures) => RequestGuard.Begin(contextFeatures);

    public Task ProcessRequestAsync(RequestContext context) => _guard.RunAsync(context, this, static (application, context) => application.RouteAsync(context));

    public void DisposeContext(RequestContext context, Exception? exception) => context.Clear();

    private Task RouteAsync(RequestContext context)
    {
        var route = context.ReadPath().Route;
        var answer = route is not (Route.Health or Route.Ready) ? ApiError.RouteNotFound
            : !RequestContext.Reads(context.Request.Method) ? ApiError.GetOnly
            : route == Route.Health ? Probes.Health
            : _probes.Readiness();
        return answer.SendAsync(context.Features);
    }
}
