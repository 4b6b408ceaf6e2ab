using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Http;

/// <summary><c>POST /v1/renders/{id}/events</c>: runs to completion on the socket thread when the body has arrived with the head, and
/// allocates nothing then.</summary>
/// <remarks>The checks come in the order of docs/API.md, and the first that fails answers: key, project, size, JSON, schema, render,
/// duplicate.</remarks>
internal sealed class EventsEndpoint
{
    private static readonly ApiAnswer Recorded = new(StatusCodes.Status200OK, """{"recorded":true}"""u8.ToArray());
    private static readonly ApiAnswer Duplicate = new(StatusCodes.Status200OK, """{"recorded":false}"""u8.ToArray());

    private readonly IEdgeGateway _gateway;
    private readonly TrustedProxies _trustedProxies;
    private readonly int _maxBodyBytes;
    private readonly ILogger _logger;

    /// <param name="gateway">The service behind the route.</param>
    /// <param name="trustedProxies">Whose <c>X-Forwarded-For</c> is believed.</param>
    /// <param name="maxBodyBytes">The largest body that is taken.</param>
    /// <param name="logger">Where failures of commits go.</param>
    public EventsEndpoint(IEdgeGateway gateway, TrustedProxies trustedProxies, int maxBodyBytes, ILogger logger)
    {
        _gateway = gateway;
        _trustedProxies = trustedProxies;
        _maxBodyBytes = maxBodyBytes;
        _logger = logger;
    }

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(RequestContext context)
    {
        var authentication = _gateway.Authenticate(context.Authorization, out var project);
        if (authentication != AuthenticationStatus.Granted)
            return (authentication == AuthenticationStatus.Forbidden ? ApiError.Forbidden : ApiError.Unauthorized).SendAsync(context);
        context.Project = project;
        if (context.Request.Headers.ContentLength > _maxBodyBytes)
            return ApiError.PayloadTooLarge.SendAsync(context);

        context.IsReadingBody = true;
        var body = context.Body;
        if (!body.TryRead(out var read))
            return ReadOnAsync(context, body);
        if (read.IsCompleted || read.Buffer.Length > _maxBodyBytes)
            return AnswerAsync(context, body, read.Buffer);
        body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        return ReadOnAsync(context, body);
    }

    private async Task ReadOnAsync(RequestContext context, PipeReader body)
    {
        // The bytes stay in the server's pipe until the body is whole. That cannot stall: the pipe asks its sender to wait for bytes
        // that nobody has looked at, not for those that nobody has taken.
        var read = await body.ReadAsync();
        while (!read.IsCompleted && read.Buffer.Length <= _maxBodyBytes)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await body.ReadAsync();
        }

        await AnswerAsync(context, body, read.Buffer);
    }

    private Task AnswerAsync(RequestContext context, PipeReader reader, ReadOnlySequence<byte> body)
    {
        context.IsReadingBody = false;
        ApiAnswer answer;
        ValueTask commit = default;
        try
        {
            answer = body.Length > _maxBodyBytes ? ApiError.PayloadTooLarge
                : body.IsSingleSegment ? Decide(context, body.FirstSpan, out commit)
                : DecideJoined(context, body, out commit);
        }
        finally
        {
            reader.AdvanceTo(body.End);
        }

        return commit.IsCompletedSuccessfully ? answer.SendAsync(context) : CommitAndSendAsync(context, commit, answer);
    }

    private async Task CommitAndSendAsync(RequestContext context, ValueTask commit, ApiAnswer answer)
    {
        try
        {
            await commit;
        }
        catch (Exception exception)
        {
            // A sync that failed counts as not done: the event may be stored or not, and only a retry tells.
            _logger.LogError(exception, "An event could not be committed to disk; its sender was told to send it again");
            answer = ApiError.QueueUnavailable;
        }

        await answer.SendAsync(context);
    }

    private ApiAnswer DecideJoined(RequestContext context, ReadOnlySequence<byte> body, out ValueTask commit)
    {
        var length = (int)body.Length;
        var joined = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(joined);
            return Decide(context, joined.AsSpan(0, length), out commit);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    /// <summary>Everything from the whole body on; neither waits nor allocates unless the body is faulty.</summary>
    [SkipLocalsInit]
    internal ApiAnswer Decide(RequestContext context, ReadOnlySpan<byte> bytes, out ValueTask commit)
    {
        commit = default;
        var body = EventBodyReader.Read(bytes);
        if (!body.IsJson)
            return ApiError.InvalidJson;
        if (body.Issues is not null)
            return ApiError.InvalidRequest(body.Issues);
        Span<byte> id = stackalloc byte[EventRecord.MaxIdLength];
        if (!context.ReadPath().TryReadId(id, out var idLength))
            return ApiError.RenderNotFound;

        var address = ForwardedForReader.Read(context, _trustedProxies);
        var agent = UserAgentReader.Join(context.Request.Headers.UserAgent);
        Span<byte> userAgent = stackalloc byte[EventRecord.MaxUserAgentBytes];
        var status = _gateway.Record(
            context.Project!,
            id[..idLength],
            body.Type,
            address,
            agent is not null,
            userAgent[..UserAgentReader.Read(agent, userAgent)],
            body.Metadata,
            out commit);
        return AnswerTo(status);
    }

    /// <summary>What a client is told of what became of its event.</summary>
    public static ApiAnswer AnswerTo(RecordStatus status) => status switch
    {
        RecordStatus.Recorded => Recorded,
        RecordStatus.Duplicate => Duplicate,
        RecordStatus.RenderNotFound => ApiError.RenderNotFound,
        _ => ApiError.QueueUnavailable,
    };
}
