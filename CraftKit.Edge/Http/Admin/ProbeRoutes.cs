using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Http;

namespace CraftKit.Edge.Http.Admin;

/// <summary><c>/healthz</c> and <c>/readyz</c>.</summary>
internal static class ProbeRoutes
{
    public static AdminRoute[] Of(IEdgeGateway gateway)
    {
        var probes = new Probes(gateway);
        return
        [
            new AdminRoute("/healthz", needsKey: false).On(HttpMethods.Get, _ => Task.FromResult<ApiAnswer?>(Probes.Health)),
            new AdminRoute("/readyz", needsKey: false).On(HttpMethods.Get, _ => Task.FromResult<ApiAnswer?>(probes.Readiness())),
        ];
    }
}
