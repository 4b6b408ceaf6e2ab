using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Http;

/// <summary>Stands around each request: gives it its context, and turns what goes wrong into the answer that docs/API.md promises.</summary>
internal sealed class RequestGuard(ILogger logger)
{
    /// <summary>The context of a new request; a connection keeps one for all of its requests.</summary>
    public static RequestContext Begin(IFeatureCollection features)
    {
        RequestContext context;
        if (features is IHostContextContainer<RequestContext> connection)
            context = connection.HostContext ??= new RequestContext();
        else
            context = new RequestContext();
        context.Reset(features);
        return context;
    }

    /// <summary>Runs <paramref name="handler"/>; costs nothing when that completes at once and well.</summary>
    public Task RunAsync<TState>(RequestContext context, TState state, Func<TState, RequestContext, Task> handler)
    {
        try
        {
            var handled = handler(state, context);
            return handled.IsCompletedSuccessfully ? handled : AwaitAsync(context, handled);
        }
        catch (Exception exception)
        {
            return RecoverAsync(context, exception);
        }
    }

    private async Task AwaitAsync(RequestContext context, Task handled)
    {
        try
        {
            await handled;
        }
        catch (Exception exception)
        {
            await RecoverAsync(context, exception);
        }
    }

    private Task RecoverAsync(RequestContext context, Exception exception)
    {
        var features = context.Features;
        if (IsGone(features, exception) || features.GetRequiredFeature<IHttpResponseFeature>().HasStarted)
        {
            // Nobody is there to be answered, or half of an answer is out: the connection ends, so that nobody takes it for a whole one.
            logger.LogDebug(exception, "A connection ended before its request was answered");
            features.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();

            // An aborted connection would still look for a next request, and complain about the read that just failed.
            features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            return Task.CompletedTask;
        }

        // The server refuses a body while it is read: cut short, chunked badly, or sent too slowly.
        if (exception is BadHttpRequestException refusal)
            return Refusals.For(refusal.StatusCode).SendAsync(features, close: true);
        if (exception is IOException && context.IsReadingBody)
            return Refusals.For(StatusCodes.Status400BadRequest).SendAsync(features, close: true);

        logger.LogError(exception, "A request failed; it was answered with 500");
        return ApiError.Internal.SendAsync(features);
    }

    /// <summary>Whether the client left, which is no error.</summary>
    public static bool IsGone(IFeatureCollection features, Exception exception) =>
        exception is ConnectionResetException or ConnectionAbortedException
        || (exception is OperationCanceledException or IOException
            && (exception.InnerException is ConnectionAbortedException
                || features.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted.IsCancellationRequested));
}
