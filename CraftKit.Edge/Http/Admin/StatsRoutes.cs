using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CraftKit.Edge.Http.Admin;

/// <summary><c>/v1/stats</c> and <c>/v1/stats/stream</c>: what the dashboard shows.</summary>
internal sealed class StatsRoutes(AdminGateway admin, StatsFeed feed)
{
    public AdminRoute[] All =>
    [
        new AdminRoute("/v1/stats").On(HttpMethods.Get, _ => Task.FromResult<ApiAnswer?>(new ApiAnswer(StatusCodes.Status200OK, feed.Read()))),
        new AdminRoute("/v1/stats/stream").On(HttpMethods.Get, StreamAsync),
    ];

    /// <summary>Sends the figures at once and then every second, until the client leaves, the service stops or the key is revoked.</summary>
    private async Task<ApiAnswer?> StreamAsync(AdminRequest request)
    {
        var response = request.Features.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = StatusCodes.Status200OK;
        response.Headers.ContentType = "text/event-stream";
        if (request.IsHead)
            return null;
        var output = request.Features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        using var following = feed.Follow();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, feed.Ended);
        for (var message = feed.ReadMessage(); !message.IsEmpty && admin.Authenticate(request.Authorization);)
        {
            // Waits while the client does not read; the messages of that time are not for it. The server cuts off whose write is cancelled, so
            // that a stop does not wait for it.
            await output.WriteAsync(message, ended.Token);
            message = await following.NextAsync().WaitAsync(request.Aborted);
        }

        return null;
    }
}
