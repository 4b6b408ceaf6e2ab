using System.Net;
using CraftKit.Edge.Events;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CraftKit.Edge.Http;

/// <summary>A request while it is answered. One object serves all requests of a connection, one after the other.</summary>
internal sealed class RequestContext
{
    private IFeatureCollection? _features;
    private IHttpRequestFeature? _request;
    private IPAddress? _peerAddress;
    private ClientAddress _peer;

    /// <summary>The server's view of the request.</summary>
    public IFeatureCollection Features => _features ?? throw new InvalidOperationException("The context is not in use.");

    /// <summary>The request's line and headers.</summary>
    public IHttpRequestFeature Request => _request ?? throw new InvalidOperationException("The context is not in use.");

    /// <summary>The address at the other end of the connection.</summary>
    public ClientAddress Peer
    {
        get
        {
            // The server keeps one object for the address of a connection: its conversion is kept as long as that is the same.
            var address = Features.GetRequiredFeature<IHttpConnectionFeature>().RemoteIpAddress;
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
        _request = features.GetRequiredFeature<IHttpRequestFeature>();
        Project = null;
        IsReadingBody = false;
    }

    /// <summary>Ends the request: nothing of it is kept alive by an idle connection.</summary>
    public void Clear()
    {
        _features = null;
        _request = null;
        Project = null;
    }
}
