using CraftKit.Edge.Metrics;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Http.Admin;

/// <summary>The admin plane (docs/API.md, "Admin plane"): finds the route, then looks at the key, then has the request handled.</summary>
/// <remarks>Runs on the thread pool, where handlers may wait.</remarks>
internal sealed class AdminApplication : IHttpApplication<RequestContext>
{
    private const int Niceness = 5;

    private readonly AdminGateway _admin;
    private readonly AdminRoute[] _routes;
    private readonly RequestGuard _guard;
    private readonly RequestMeter _meter;
    private readonly ILogger _logger;

    /// <param name="gateway">The service behind the routes.</param>
    /// <param name="maxBodyBytes">The largest body that is taken, but of a bulk.</param>
    /// <param name="server">What the listeners measure.</param>
    /// <param name="stats">The figures of the dashboard.</param>
    /// <param name="logger">Where failures go.</param>
    public AdminApplication(IEdgeGateway gateway, int maxBodyBytes, ServerMeasures server, StatsFeed stats, ILogger<AdminApplication> logger)
    {
        _admin = gateway.Admin;
        _routes =
        [
            .. ProbeRoutes.Of(gateway),
            .. ContractRoutes.All,
            .. new ProjectRoutes(_admin, maxBodyBytes).All,
            .. new KeyRoutes(_admin, maxBodyBytes).All,
            .. new RenderRoutes(_admin, maxBodyBytes).All,
            .. new EngagementRoutes(gateway).All,
            .. new MetricsRoutes(gateway, server, stats.Recent).All,
            .. new StatsRoutes(_admin, stats).All,
            .. DashboardRoutes.All,
        ];
        _meter = server.AdminRequests = new RequestMeter([RouteName.None, .. _routes.Select(route => route.Name)], server.Time);
        _guard = new RequestGuard(logger);
        _logger = logger;
    }

    public RequestContext CreateContext(IFeatureCollection contextFeatures)
    {
        // The pool's threads give way to those that serve the sockets of the data plane, from their first request of this plane on. What else
        // runs in the pool waits for a disk or a commit before it gets there.
        BackgroundThread.LowerPriorityOnce(Niceness);
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
        if (Find(context, out var ids) is not { } route)
            return ApiError.RouteNotFound.SendAsync(context.Features);
        if (route.HandlerOf(context.Request.Method) is not { } handler)
            return route.MethodNotAllowed.SendAsync(context.Features);
        return !route.NeedsKey || _admin.Authenticate(context.Authorization)
            ? AnswerAsync(handler, new AdminRequest(context, ids))
            : ApiError.AccountUnauthorized.SendAsync(context.Features);
    }

    private AdminRoute? Find(RequestContext context, out string?[] ids)
    {
        ids = [];
        if (!PathText.TrySplit(context.Request.RawTarget, out var path, out _))
            return null;
        for (var i = 0; i < _routes.Length; i++)
        {
            if (!_routes[i].TryMatch(path, out ids))
                continue;
            context.RouteNumber = i + 1;
            return _routes[i];
        }

        return null;
    }

    private async Task AnswerAsync(AdminHandler handler, AdminRequest request)
    {
        ApiAnswer? answer;
        try
        {
            answer = await handler(request);
        }
        catch (EdgeException failure) when (!request.Features.GetRequiredFeature<IHttpResponseFeature>().HasStarted)
        {
            _logger.LogError("A request of the admin plane was answered with 503: {Reason}", failure.Message);
            answer = ApiError.StorageUnavailable;
        }

        if (answer is not null)
            await answer.SendAsync(request.Features);
    }
}
