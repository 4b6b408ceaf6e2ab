using System.IO.Pipelines;
using System.Net;
using CraftKit.Edge.Events;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CraftKit.Edge.Http;

/// <summary>A request while it is answered. One object serves all requests of a connection, one after the other.</summary>
internal sealed class RequestContext
{
    private IFeatureCollection? _features;
    private IFeatureCollection? _known;
    private IHttpRequestFeature? _request;
    private IHttpResponseFeature? _response;
    private IHttpResponseBodyFeature? _responseBody;
    private IRequestBodyPipeFeature? _body;
    private IHttpConnectionFeature? _connection;
    private IPAddress? _peerAddress;
    private ClientAddress _peer;

    /// <summary>The server's view of the request.</summary>
    public IFeatureCollection Features => _features ?? throw new InvalidOperationException("The context is not in use.");

    /// <summary>The request's line and headers.</summary>
    public IHttpRequestFeature Request => _request ?? throw new InvalidOperationException("The context is not in use.");

    /// <summary>The request's body.</summary>
    public PipeReader Body => _body!.Reader;

    /// <summary>The answer's status and headers.</summary>
    public IHttpResponseFeature Response => _response!;

    /// <summary>The answer's body.</summary>
    public IHttpResponseBodyFeature ResponseBody => _responseBody!;

    /// <summary>The status of the answer, as far as one was begun.</summary>
    public int Status => _response!.StatusCode;

    /// <summary>When it began, by the clock of the <see cref="Metrics.RequestMeter"/> that counts it.</summary>
    public long StartedAt { get; set; }

    /// <summary>The number of its route among those of the <see cref="Metrics.RequestMeter"/>; 0 is none.</summary>
    public int RouteNumber { get; set; }

    /// <summary>The address at the other end of the connection.</summary>
    public ClientAddress Peer
    {
        get
        {
            // The server keeps one object for the address of a connection: its conversion is kept as long as that is the same.
            var address = _connection!.RemoteIpAddress;
            if (!ReferenceEquals(address, _peerAddress))
            {
                _peerAddress = address;
                _peer = ClientAddress.From(address);
            }

            return _peer;
        }
    }

    /// <summary>The project whose key the request presented; null before that is known.</summary>
    public object? Project { get; set; }

    /// <summary>Whether the body is being read, so that what fails is what the client sends.</summary>
    public bool IsReadingBody { get; set; }

    /// <summary>The <c>Authorization</c> header's single value; empty when it is missing or sent twice.</summary>
    public ReadOnlySpan<char> Authorization => Request.Headers.Authorization is [var value] ? value : default;

    /// <summary>The path of the request and its route.</summary>
    public RequestPath ReadPath() => RequestPath.Read(Request.RawTarget);

    /// <summary>Whether the method is GET or HEAD, which are taken alike. Methods are case-sensitive (RFC 9110, 9.1).</summary>
    public static bool Reads(string method) => method == HttpMethods.Get || method == HttpMethods.Head;

    /// <summary>Begins the next request.</summary>
    public void Reset(IFeatureCollection features)
    {
        _features = features;

        // The server keeps one object for the requests of a connection: what was found in it is kept as long as that is the same. To find one takes
        // some 20 ns, since the method is generic and virtual.
        if (!ReferenceEquals(features, _known))
        {
            _known = features;
            _request = features.GetRequiredFeature<IHttpRequestFeature>();
            _response = features.Get<IHttpResponseFeature>();
            _responseBody = features.Get<IHttpResponseBodyFeature>();
            _body = features.Get<IRequestBodyPipeFeature>();
            _connection = features.Get<IHttpConnectionFeature>();
        }

        Project = null;
        IsReadingBody = false;
        RouteNumber = 0;
    }

    /// <summary>Ends the request: nothing of it is kept alive by an idle connection, which keeps this and the server's view of it.</summary>
    public void Clear()
    {
        _features = null;
        Project = null;
    }
}
