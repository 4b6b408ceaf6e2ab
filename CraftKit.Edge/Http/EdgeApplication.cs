using CraftKit.Edge.Http.Bulk;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Http;

/// <summary>The data plane, straight on the server: no middleware, routing or dependency injection between a request and its
/// answer.</summary>
internal sealed class EdgeApplication : IHttpApplication<RequestContext>
{
    private readonly EventsEndpoint _events;
    private readonly BulkEndpoint _bulk;
    private readonly EngagementEndpoint _engagement;
    private readonly Probes _probes;
    private readonly RequestGuard _guard;
    private readonly RequestMeter _meter;

    /// <param name="gateway">The service behind the routes.</param>
    /// <param name="bulk">Where bulk requests are decided.</param>
    /// <param name="options">The limits, and whose <c>X-Forwarded-For</c> is believed.</param>
    /// <param name="meter">Counts the requests by <see cref="RouteName.All"/>.</param>
    /// <param name="logger">Where failures go.</param>
    public EdgeApplication(
        IEdgeGateway gateway, BulkWorker bulk, EdgeServerOptions options, RequestMeter meter, ILogger<EdgeApplication> logger)
    {
        _meter = meter;
        _events = new EventsEndpoint(gateway, options.TrustedProxies, options.MaxBodyBytes, logger);
        _bulk = new BulkEndpoint(gateway, bulk, options.TrustedProxies, options.MaxBulkBodyBytes, options.MaxBodyBytes, logger);
        _engagement = new EngagementEndpoint(gateway);
        _probes = new Probes(gateway);
        _guard = new RequestGuard(logger);
    }

    public RequestContext CreateContext(IFeatureCollection contextFeatures)
    {
        var context = RequestGuard.Begin(contextFeatures);
        context.StartedAt = _meter.Now;
        return context;
    }

    public Task ProcessRequestAsync(RequestContext context) => _guard.RunAsync(context, this, static (application, context) => application.RouteAsync(context));

    public void DisposeContext(RequestContext context, Exception? exception)
    {
        _meter.Count(context.RouteNumber, context.Status, context.StartedAt);
        context.Clear();
    }

    private Task RouteAsync(RequestContext context)
    {
        var method = context.Request.Method;
        var route = context.ReadPath().Route;
        context.RouteNumber = (int)route;
        switch (route)
        {
            case Route.Events:
                return method == HttpMethods.Post ? _events.HandleAsync(context) : ApiError.PostOnly.SendAsync(context.Features);
            case Route.Bulk:
                return method == HttpMethods.Post ? _bulk.HandleAsync(context) : ApiError.PostOnly.SendAsync(context.Features);
            case Route.Unknown:
                return ApiError.RouteNotFound.SendAsync(context.Features);
        }

        if (!RequestContext.Reads(method))
            return ApiError.GetOnly.SendAsync(context.Features);
        return route switch
        {
            Route.Engagement => _engagement.HandleAsync(context),
            Route.Health => Probes.Health.SendAsync(context.Features),
            _ => _probes.Readiness().SendAsync(context.Features),
        };
    }
}
