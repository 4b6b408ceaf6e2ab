using System.Text;
using System.Text.Json;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Events;
using CraftKit.Edge.Json;
using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CraftKit.Edge.Http;

/// <summary><c>GET /v1/renders/{id}/engagement</c>: what may wait for the store leaves the socket thread first.</summary>
internal sealed class EngagementEndpoint(IEdgeGateway gateway)
{
    /// <summary>Answers one request.</summary>
    public Task HandleAsync(RequestContext context)
    {
        var authentication = gateway.Authenticate(context.Authorization, out var project);
        if (authentication != AuthenticationStatus.Granted)
            return (authentication == AuthenticationStatus.Forbidden ? ApiError.Forbidden : ApiError.Unauthorized).SendAsync(context.Features);
        Span<byte> id = stackalloc byte[EventRecord.MaxIdLength];
        if (!context.ReadPath().TryReadId(id, out var length))
            return ApiError.RenderNotFound.SendAsync(context.Features);
        context.Project = project;
        return AnswerAsync(context, Encoding.ASCII.GetString(id[..length]));
    }

    /// <summary>The JSON of an engagement, in the order of docs/API.md.</summary>
    public static byte[] Write(Engagement engagement) => ApiJson.Write(engagement, static (json, engagement) =>
    {
        json.WriteStartObject();
        json.WriteStartObject("counts"u8);
        json.WriteNumber("viewed"u8, engagement.Viewed);
        json.WriteNumber("downloaded"u8, engagement.Downloaded);
        json.WriteNumber("printed"u8, engagement.Printed);

        // The types below are recorded by CraftKit itself, never by this service; clients find all seven.
        json.WriteNumber("email_opened"u8, 0);
        json.WriteNumber("email_sent"u8, 0);
        json.WriteNumber("share_created"u8, 0);
        json.WriteNumber("share_revoked"u8, 0);
        json.WriteEndObject();
        json.WriteNumber("linkOpens"u8, engagement.LinkOpens);
        json.WriteNumber("total"u8, engagement.Total);
        json.WriteStartArray("recent"u8);
        foreach (var recent in engagement.Recent)
            Write(json, recent);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>A render's engagement as an answer; null when the project has no such render. Not for a socket thread.</summary>
    public static async Task<ApiAnswer?> ReadAsync(IEdgeGateway gateway, object project, string renderId, CancellationToken aborted)
    {
        try
        {
            return await gateway.ReadEngagementAsync(project, renderId, aborted) is { } engagement
                ? new ApiAnswer(StatusCodes.Status200OK, Write(engagement))
                : null;
        }
        catch (TimeoutException)
        {
            // The writer is behind; what was acknowledged would be missing from the answer.
            return ApiError.QueueUnavailable;
        }
    }

    private async Task AnswerAsync(RequestContext context, string renderId)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var aborted = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted;
        var answer = await ReadAsync(gateway, context.Project!, renderId, aborted) ?? ApiError.RenderNotFound;
        await answer.SendAsync(context.Features);
    }

    private static void Write(Utf8JsonWriter json, EngagementEvent recent)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, recent.Id.ToString());
        json.WriteString("eventType"u8, EventTypeName.Of(recent.Type));
        json.WriteString("actorKind"u8, "partner"u8);
        json.WriteString("shareId"u8, recent.ShareId);
        json.WriteString("sourceIp"u8, recent.Address.ToString());
        json.WriteString("userAgent"u8, recent.UserAgent);
        json.WritePropertyName("metadata"u8);
        if (recent.Metadata is null)
            json.WriteNullValue();
        else
            json.WriteRawValue(recent.Metadata, skipInputValidation: true);
        json.WriteString("createdAt"u8, TimeText.Of(recent.Id.CreatedAt));
        json.WriteEndObject();
    }
}
