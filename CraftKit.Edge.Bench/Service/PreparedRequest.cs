using System.Net;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CraftKit.Edge.Bench.Service;

/// <summary>A request as the server hands it over, head and body complete; what it asks for can be changed and it can be sent again.</summary>
internal sealed class PreparedRequest
{
    private static readonly byte[] Body =
        """{"eventType":"viewed","metadata":{"source":"dashboard","page":3,"referrer":"https://example.com/a/b?c=d","tags":["a","b"]}}"""u8.ToArray();

    private readonly HttpRequestFeature _request = new() { Method = "POST" };
    private readonly HttpConnectionFeature _connection = new();
    private readonly RequestContext _context = new();
    private readonly ServedFolder _served;

    public PreparedRequest(ServedFolder served)
    {
        _served = served;
        _request.Headers.Authorization = served.Authorization;
        _request.Headers.UserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0 Safari/537.36";
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(_request);
        features.Set<IHttpConnectionFeature>(_connection);
        _context.Reset(features);
    }

    /// <summary>The request's target.</summary>
    public string Target
    {
        set => _request.RawTarget = value;
    }

    /// <summary>Whom it comes from.</summary>
    public IPAddress Peer
    {
        set => _connection.RemoteIpAddress = value;
    }

    /// <summary>The target for a render's events.</summary>
    public static string TargetOf(int render) => $"/v1/renders/{ServedFolder.RenderId(render)}/events";

    /// <summary>Everything between the server's own parsing and its writing of the answer.</summary>
    /// <returns>The answer, which stands written in advance.</returns>
    public ApiAnswer Send()
    {
        if (_served.Service.Authenticate(_context.Authorization, out var project) != AuthenticationStatus.Granted)
            throw new InvalidOperationException("The key is not granted.");
        _context.Project = project;
        return _served.Endpoint.Decide(_context, Body, out _);
    }
}
