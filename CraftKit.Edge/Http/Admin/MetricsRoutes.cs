using CraftKit.Edge.Metrics;
using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Http;

namespace CraftKit.Edge.Http.Admin;

/// <summary><c>/metrics</c>: what Prometheus scrapes, without a key.</summary>
internal sealed class MetricsRoutes(IEdgeGateway gateway, ServerMeasures server, RecentTraffic recent)
{
    public AdminRoute[] All => [new AdminRoute("/metrics", needsKey: false).On(HttpMethods.Get, _ => Task.FromResult<ApiAnswer?>(Answer()))];

    private ApiAnswer Answer() => new(StatusCodes.Status200OK, MetricsPage.Write(gateway, server, recent)) { ContentType = PrometheusText.ContentType };
}
