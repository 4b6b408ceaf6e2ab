using System.Net;
using System.Text;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Http;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

/// <summary>The real listeners on free loopback ports, before a gateway in memory.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly EdgeServer _server;
    private readonly EmptyCatalog _catalog;

    private RunningServer(EdgeServer server, EmptyCatalog catalog, InMemoryGateway gateway, LogLines log, string url, string adminUrl)
    {
        _server = server;
        _catalog = catalog;
        Gateway = gateway;
        Log = log;
        Url = url;
        AdminUrl = adminUrl;
    }

    public InMemoryGateway Gateway { get; }

    public LogLines Log { get; }

    public string Url { get; }

    public string AdminUrl { get; }

    public EdgeServer Server => _server;

    public IPEndPoint EndPoint => new(IPAddress.Loopback, new Uri(Url).Port);

    public IPEndPoint AdminEndPoint => new(IPAddress.Loopback, new Uri(AdminUrl).Port);

    public static async Task<RunningServer> StartAsync(
        TransportKind transport = TransportKind.Auto, int maxBodyBytes = 65_536, params string[] trustedProxies)
    {
        Assert.True(TrustedProxies.TryParse(trustedProxies, out var proxies, out var reason), reason);
        var catalog = new EmptyCatalog();
        var gateway = new InMemoryGateway { Admin = catalog.Admin };
        var log = new LogLines();
        var options = new EdgeServerOptions
        {
            Url = "http://127.0.0.1:0",
            AdminUrl = "http://127.0.0.1:0",
            Transport = transport,
            MaxBodyBytes = maxBodyBytes,
            TrustedProxies = proxies,
        };
        var server = new EdgeServer(options, gateway, log, TimeProvider.System);
        var addresses = await server.StartAsync(TestContext.Current.CancellationToken);
        return new RunningServer(server, catalog, gateway, log, addresses[0], addresses[1]);
    }

    public Task<RawConnection> ConnectAsync() => RawConnection.ConnectAsync(EndPoint);

    /// <summary>One event request on a connection of its own.</summary>
    public async Task<RawResponse> PostEventAsync(string body, string headers = "", string id = InMemoryGateway.Render) =>
        await PostEventAsync(Encoding.UTF8.GetBytes(body), headers, id);

    public async Task<RawResponse> PostEventAsync(byte[] body, string headers = "", string id = InMemoryGateway.Render)
    {
        await using var connection = await ConnectAsync();
        await connection.SendAsync(Requests.Event(body, headers, id));
        return await connection.ReceiveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _catalog.Dispose();
    }
}
