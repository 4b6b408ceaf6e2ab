using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace CraftKit.Edge.Http;

/// <summary>One whole answer: status, body, which is JSON unless said otherwise, and headers beside those of the body. Immutable, so that the
/// common answers are made once.</summary>
internal sealed class ApiAnswer
{
    private static readonly StringValues Json = "application/json";

    private readonly int _status;
    private readonly byte[] _body;
    private readonly string? _headerName;
    private readonly StringValues _headerValue;

    /// <param name="status">The HTTP status code.</param>
    /// <param name="body">The body; not copied, never to be changed.</param>
    /// <param name="headerName">A further header, or null.</param>
    /// <param name="headerValue">That header's value.</param>
    public ApiAnswer(int status, byte[] body, string? headerName = null, string? headerValue = null)
    {
        _status = status;
        _body = body;
        _headerName = headerName;
        _headerValue = headerValue;
    }

    /// <summary>The HTTP status code.</summary>
    public int Status => _status;

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body => _body;

    /// <summary>What the body is.</summary>
    public StringValues ContentType { get; init; } = Json;

    /// <summary>Further headers; null for none.</summary>
    public IReadOnlyDictionary<string, StringValues>? Headers { get; init; }

    /// <summary>Sends the answer; nothing may have been sent yet. The server leaves the body out for HEAD.</summary>
    /// <param name="features">The request's.</param>
    /// <param name="close">Whether the connection ends with this answer.</param>
    public Task SendAsync(IFeatureCollection features, bool close = false) =>
        SendAsync(features.GetRequiredFeature<IHttpResponseFeature>(), features.GetRequiredFeature<IHttpResponseBodyFeature>(), close);

    /// <summary>Likewise, where the features are known already.</summary>
    public Task SendAsync(RequestContext context) => SendAsync(context.Response, context.ResponseBody, close: false);

    private Task SendAsync(IHttpResponseFeature response, IHttpResponseBodyFeature body, bool close)
    {
        response.StatusCode = _status;
        var headers = response.Headers;
        headers.ContentType = ContentType;
        headers.ContentLength = _body.Length;
        if (_headerName is not null)
            headers[_headerName] = _headerValue;
        if (Headers is not null)
        {
            foreach (var (name, value) in Headers)
                headers[name] = value;
        }

        if (close)
            headers.Connection = "close";

        // One write of the whole body before anything was flushed: head and body leave together, in one call to the system.
        var written = body.Writer.WriteAsync(_body);
        if (!written.IsCompletedSuccessfully)
            return written.AsTask();
        _ = written.Result;
        return Task.CompletedTask;
    }
}
