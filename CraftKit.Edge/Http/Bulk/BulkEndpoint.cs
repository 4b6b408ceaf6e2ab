using CraftKit.Edge.Catalog;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Service;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Http.Bulk;

/// <summary><c>POST /v1/events</c>: many events in one request, an array or lines (docs/API.md, "Record many events").</summary>
/// <remarks>Key, project and announced size are checked on the socket thread; everything else happens on the <see cref="BulkWorker"/>.</remarks>
internal sealed class BulkEndpoint
{
    /// <summary>The most items that one request may have.</summary>
    public const int MaxItems = 10_000;

    /// <param name="gateway">The service behind the route.</param>
    /// <param name="worker">Where requests are decided.</param>
    /// <param name="trustedProxies">Whose word on addresses is believed.</param>
    /// <param name="maxBodyBytes">The largest body that is taken.</param>
    /// <param name="maxItemBytes">The largest item: what the body of a single event may have.</param>
    /// <param name="logger">Where failures go.</param>
    public BulkEndpoint(
        IEdgeGateway gateway, BulkWorker worker, TrustedProxies trustedProxies, int maxBodyBytes, int maxItemBytes, ILogger logger)
    {
        Gateway = gateway;
        Worker = worker;
        TrustedProxies = trustedProxies;
        MaxBodyBytes = maxBodyBytes;
        MaxItemBytes = maxItemBytes;
        Logger = logger;
    }

    public IEdgeGateway Gateway { get; }

    public BulkWorker Worker { get; }

    public TrustedProxies TrustedProxies { get; }

    public int MaxBodyBytes { get; }

    public int MaxItemBytes { get; }

    public ILogger Logger { get; }

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(RequestContext context)
    {
        if (Refuse(context) is { } refusal)
            return refusal.SendAsync(context.Features);
        return context.Request.Headers.ContentLength > MaxBodyBytes ? ApiError.PayloadTooLarge.SendAsync(context.Features) : RunAsync(context);
    }

    /// <summary>The answer to a key that does not count, or no longer; null when it does, and then its project is the context's.</summary>
    public ApiAnswer? Refuse(RequestContext context)
    {
        var authentication = Gateway.Authenticate(context.Authorization, out var project);
        context.Project = project;
        return authentication switch
        {
            AuthenticationStatus.Granted => null,
            AuthenticationStatus.Forbidden => ApiError.Forbidden,
            _ => ApiError.Unauthorized,
        };
    }

    private async Task RunAsync(RequestContext context)
    {
        using var request = new BulkRequest(this, context);
        await request.RunAsync();
    }
}
