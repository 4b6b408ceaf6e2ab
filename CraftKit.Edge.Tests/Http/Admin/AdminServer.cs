using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Http;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Service;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

/// <summary>The whole service over a folder of its own, both planes on free loopback ports, and a client with an account key.</summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly EdgeService _service;
    private readonly EdgeServer _server;
    private readonly HttpClient _client = new();

    private AdminServer(TemporaryFolder folder, EdgeService service, EdgeServer server, LogLines log, IReadOnlyList<string> urls, CreatedAccountKey account)
    {
        _folder = folder;
        _service = service;
        _server = server;
        Log = log;
        Url = urls[0];
        AdminUrl = urls[1];
        Account = account;
    }

    public LogLines Log { get; }

    public string Url { get; }

    public string AdminUrl { get; }

    /// <summary>The account key that requests present unless told otherwise.</summary>
    public CreatedAccountKey Account { get; }

    public string DataPath => _folder["data"];

    public AdminGateway Gateway => _service.Admin;

    public EdgeServer Listeners => _server;

    public EdgeService Service => _service;

    /// <summary>The header line of the account key.</summary>
    public string Authorization => $"Authorization: Bearer {Account.Plaintext}\r\n";

    public static async Task<AdminServer> StartAsync(int maxBodyBytes = 65_536)
    {
        var folder = new TemporaryFolder();
        var data = DataFolder.Open(folder["data"]);
        CreatedAccountKey account;
        using (var catalog = CatalogStore.Open(data.FolderPath, TimeProvider.System))
            account = catalog.AccountKeys.Create().Value;
        var options = new EdgeOptions { Journal = new JournalSection { CapacityBytes = 1 << 20 } };
        var clock = new BootTimeProvider();
        var log = new LogLines();
        var service = ServiceStart.Run(options, data, clock, log);
        var server = new EdgeServer(
            new EdgeServerOptions { Url = "http://127.0.0.1:0", AdminUrl = "http://127.0.0.1:0", MaxBodyBytes = maxBodyBytes }, service, log, clock);
        return new AdminServer(folder, service, server, log, await server.StartAsync(TestContext.Current.CancellationToken), account);
    }

    /// <summary>Sends a request to the admin plane.</summary>
    /// <param name="method">GET, POST and so on.</param>
    /// <param name="path">The path with its query.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="key">The key to present; null for the account key, empty for none.</param>
    public Task<AdminAnswer> SendAsync(string method, string path, string? body = null, string? key = null) =>
        SendAsync(AdminUrl, method, path, body is null ? null : Encoding.UTF8.GetBytes(body), key ?? Account.Plaintext);

    /// <inheritdoc cref="SendAsync(string, string, string?, string?)"/>
    public Task<AdminAnswer> SendAsync(string method, string path, byte[] body) => SendAsync(AdminUrl, method, path, body, Account.Plaintext);

    /// <summary>Sends a request to the data plane.</summary>
    public Task<AdminAnswer> SendToDataAsync(string method, string path, string? body, string key) =>
        SendAsync(Url, method, path, body is null ? null : Encoding.UTF8.GetBytes(body), key);

    /// <summary>Records an event, each from an address of its own.</summary>
    public Task<AdminAnswer> RecordAsync(string render, string key, string type = "viewed") =>
        SendToDataAsync("POST", $"/v1/renders/{render}/events", $$"""{"eventType":"{{type}}"}""", key);

    /// <summary>Makes a project with a key and renders.</summary>
    public async Task<(string Project, string Key)> ProvisionAsync(params IEnumerable<string> renders)
    {
        var project = await AddProjectAsync();
        var (key, _) = await CreateKeyAsync(project);
        foreach (var render in renders)
            (await SendAsync("PUT", $"/v1/projects/{project}/renders/{render}")).Expect(201);
        return (project, key);
    }

    /// <summary>Makes a project and returns its id.</summary>
    public async Task<string> AddProjectAsync(string name = "P") =>
        (await SendAsync("POST", "/v1/projects", JsonSerializer.Serialize(name) is var text ? $$"""{"name":{{text}}}""" : "")).Expect(201)["id"];

    /// <summary>Makes a key of a project and returns it with its id.</summary>
    public async Task<(string Key, string Id)> CreateKeyAsync(string project)
    {
        var answer = (await SendAsync("POST", $"/v1/projects/{project}/keys")).Expect(201);
        return (answer["key"], answer["id"]);
    }

    /// <summary>Reads until it is so, for 15 s.</summary>
    public static async Task SoonAsync<T>(Func<Task<T>> read, Action<T> assert)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(15); await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            var value = await read();
            if (Record.Exception(() => assert(value)) is null)
                return;
        }

        assert(await read());
    }

    public Task<RawConnection> ConnectAsync() => RawConnection.ConnectAsync(new IPEndPoint(IPAddress.Loopback, new Uri(AdminUrl).Port));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        Assert.True(_service.Stop(TimeSpan.FromSeconds(30)));
        _folder.Dispose();
    }

    private async Task<AdminAnswer> SendAsync(string url, string method, string path, byte[]? body, string key)
    {
        // Not through Uri's canonical form: the path goes out as it is.
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(url + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (body is not null)
            request.Content = new ByteArrayContent(body);
        if (key.Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return new AdminAnswer(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }
}
