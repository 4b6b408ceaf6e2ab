using System.Net;
using System.Text;
using System.Text.Json;
using CraftKit.Edge.Tests.Docs;
using Xunit;

namespace CraftKit.Edge.Tests.Binary.Contract;

/// <summary>A serving process, and a walk through every operation of openapi.yaml with every answer that it can be brought to give.</summary>
public sealed class ContractWalk : IAsyncLifetime
{
    // Small limits, so that what is beyond them is small too.
    private const string Configuration = """, "maxBodyBytes": 4096, "bulk": { "maxBodyBytes": 16384 }, "journal": { "capacityBytes": 1048576 }""";
    private const string Lines = "application/x-ndjson";

    private ServedFolder? _folder;
    private ContractClient? _client;
    private string _project = "";
    private string _accountKey = "";

    internal ContractDocument Document { get; } = new(Repository.Read("openapi.yaml"));

    internal ContractClient Client => _client!;

    private ServedFolder Folder => _folder!;

    public async ValueTask InitializeAsync()
    {
        _folder = await ServedFolder.CreateAsync(Configuration);
        using (var account = JsonDocument.Parse(await Folder.OkAsync("account", "key", "create", "--json")))
            _accountKey = account.RootElement.GetProperty("key").GetString()!;
        var server = await Folder.StartAsync(arguments: ["--admin-url", "http://127.0.0.1:0"]);
        var admin = await server.WaitForErrorAsync("admin plane on http://");
        var planes = new Dictionary<Plane, IPEndPoint> { [Plane.Data] = Folder.EndPoint, [Plane.Admin] = IPEndPoint.Parse(admin[(admin.IndexOf("http://", StringComparison.Ordinal) + 7)..]) };
        _client = new ContractClient(Document, planes, new Dictionary<string, string> { ["projectKey"] = Folder.ApiKey, ["accountKey"] = _accountKey });

        // What is too slow takes its time beside the rest.
        var slow = SendSlowlyAsync();
        await ProvisionAsync();
        await RecordAsync();
        await RecordManyAsync();
        await ObserveAsync();
        await PresentWrongKeysAsync();
        await UseWrongMethodsAsync();
        await BreakHttpAsync();
        await slow;
        await LoseDatabaseAsync();
        await LoseCatalogAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_folder is not null)
            await _folder.DisposeAsync();
    }

    private async Task ProvisionAsync()
    {
        _project = (await Client.CallAsync("createProject", 201, "/v1/projects", """{"name":"Crème Brûlée"}"""))["id"];
        var longest = new string('x', 120);
        await Client.CallAsync("createProject", 201, "/v1/projects", $$"""{"name":"{{longest}}","unknown":[]}""");
        await Client.CallAsync("createProject", 201, "/v1/projects", """{"name":"***"}""");
        foreach (var body in new[] { """{"name":""}""", """{"name":7}""", "{}", "[]", "null", $$"""{"name":"{{longest}}x"}""" })
            await Client.CallAsync("createProject", 422, "/v1/projects", body);
        await Client.CallAsync("createProject", 400, "/v1/projects", "{");
        await Client.CallAsync("createProject", 413, "/v1/projects", Large());
        await Client.CallAsync("listProjects", 200, "/v1/projects");

        var project = $"/v1/projects/{_project}";
        await Client.CallAsync("readProject", 200, project);
        await Client.CallAsync("readProject", 404, "/v1/projects/unknown");
        await Client.CallAsync("renameProject", 200, project, $$"""{"name":"{{new string('y', 200)}}"}""");
        foreach (var body in new[] { "{", """{"name":null}""", "7", $$"""{"name":"{{new string('y', 201)}}"}""" })
            await Client.CallAsync("renameProject", 400, project, body);
        await Client.CallAsync("renameProject", 404, "/v1/projects/unknown", "{");
        await Client.CallAsync("renameProject", 413, project, Large());

        var deleted = (await Client.CallAsync("createProject", 201, "/v1/projects", """{"name":"Deleted"}"""))["id"];
        await Client.CallAsync("deleteProject", 200, $"/v1/projects/{deleted}");
        await Client.CallAsync("deleteProject", 404, $"/v1/projects/{deleted}");

        await ProvisionKeysAsync($"{project}/keys");
        await ProvisionRendersAsync($"{project}/renders");
        await LoadRendersAsync($"{project}/renders");
    }

    private async Task ProvisionKeysAsync(string keys)
    {
        await Client.CallAsync("createKey", 201, keys);
        await Client.CallAsync("createKey", 201, keys, "{}");
        var revoked = (await Client.CallAsync("createKey", 201, keys, """{"name":"to be revoked"}"""))["id"];
        foreach (var body in new[] { "x", """{"name":""}""", """{"name":[]}""", "[]", $$"""{"name":"{{new string('z', 201)}}"}""" })
            await Client.CallAsync("createKey", 400, keys, body);
        await Client.CallAsync("createKey", 404, "/v1/projects/unknown/keys");
        await Client.CallAsync("createKey", 413, keys, Large());
        await Client.CallAsync("revokeKey", 200, $"{keys}/{revoked}");
        await Client.CallAsync("revokeKey", 404, $"{keys}/{revoked}");
        await Client.CallAsync("listKeys", 200, keys);
        await Client.CallAsync("listKeys", 404, "/v1/projects/unknown/keys");
    }

    private async Task ProvisionRendersAsync(string renders)
    {
        await Client.CallAsync("putRender", 201, $"{renders}/shared", """{"shareId":"s"}""");
        await Client.CallAsync("putRender", 200, $"{renders}/shared");
        await Client.CallAsync("putRender", 201, $"{renders}/{new string('r', 64)}", """{"shareId":null}""");
        foreach (var body in new[] { "x", """{"shareId":""}""", """{"shareId":"a b"}""", """{"shareId":7}""", "[]", $$"""{"shareId":"{{new string('s', 65)}}"}""" })
            await Client.CallAsync("putRender", 400, $"{renders}/shared", body);
        await Client.CallAsync("putRender", 400, $"{renders}/{new string('r', 65)}", "{}");
        await Client.CallAsync("putRender", 404, "/v1/projects/unknown/renders/r");
        await Client.CallAsync("putRender", 409, $"{renders}/r0");
        await Client.CallAsync("putRender", 413, $"{renders}/shared", Large());
        await Client.CallAsync("readRender", 200, $"{renders}/shared");
        await Client.CallAsync("readRender", 404, $"{renders}/unknown");
        await Client.CallAsync("putRender", 201, $"{renders}/deleted");
        await Client.CallAsync("deleteRender", 200, $"{renders}/deleted");
        await Client.CallAsync("deleteRender", 404, $"{renders}/deleted");

        await Client.CallAsync("listRenders", 200, renders);
        await Client.CallAsync("listRenders", 200, $"{renders}?limit=1");
        await Client.CallAsync("listRenders", 200, $"{renders}?after=shared&limit=1000");
        foreach (var query in new[] { "limit=0", "limit=1001", "limit=1.5", "limit=many", "after=%21" })
            await Client.CallAsync("listRenders", 400, $"{renders}?{query}");
        await Client.CallAsync("listRenders", 404, "/v1/projects/unknown/renders");
    }

    private async Task LoadRendersAsync(string renders)
    {
        await Client.CallAsync("loadRenders", 200, renders, """{"id":"a","shareId":"s"}""" + "\n\n" + """{"id":"b"}""", type: Lines);
        await Client.CallAsync("loadRenders", 200, renders, """{"id":"a","shareId":null}""" + "\n", type: Lines);
        foreach (var line in new[] { "{}", """{"id":7}""", """{"id":"c","shareId":"a b"}""", "[]", "nonsense" })
            await Client.CallAsync("loadRenders", 400, renders, line, type: Lines);
        await Client.CallAsync("loadRenders", 404, "/v1/projects/unknown/renders", "", type: Lines);
        await Client.SendRawAsync("loadRenders", Plane.Admin, 413, Head("loadRenders", renders) + $"Content-Length: {(32 << 20) + 1}\r\n\r\n");
    }

    private async Task RecordAsync()
    {
        const string Events = "/v1/renders/r0/events";
        await Client.CallAsync("recordEvent", 200, Events, """{"eventType":"viewed","metadata":{"page":3,"\u20ac":[null,1e3]},"unknown":1}""");
        await Client.CallAsync("recordEvent", 200, Events, """{"eventType":"viewed"}""");
        await Client.CallAsync("recordEvent", 200, "/v1/renders/r20/events", """{"eventType":"printed"}""");
        await Client.SendRawAsync("recordEvent", Plane.Data, 200,
            Head("recordEvent", Events) + $"User-Agent: {new string('u', 600)}\r\nX-Forwarded-For: 2001:db8::1\r\nContent-Length: 26\r\n\r\n{{\"eventType\":\"downloaded\"}}");
        foreach (var body in new[] { "", "{", "{}", "[]", "null", """{"eventType":"opened"}""", """{"eventType":7}""", """{"eventType":"viewed","metadata":[]}""", """{"eventType":"viewed","metadata":null}""" })
            await Client.CallAsync("recordEvent", 400, Events, body);
        await Client.CallAsync("recordEvent", 404, "/v1/renders/unknown/events", """{"eventType":"viewed"}""");
        await Client.CallAsync("recordEvent", 413, Events, Large());

        await Client.CallAsync("readEngagement", 200, "/v1/renders/r0/engagement");
        await Client.CallAsync("readEngagement", 200, "/v1/renders/r20/engagement");
        await Client.CallAsync("readEngagement", 404, "/v1/renders/unknown/engagement");
        await Client.CallAsync("readRenderEngagement", 200, $"/v1/projects/{ServedFolder.ProjectId}/renders/r0/engagement");
        await Client.CallAsync("readRenderEngagement", 404, $"/v1/projects/{_project}/renders/r0/engagement");
    }

    private async Task RecordManyAsync()
    {
        const string Item = """{"renderId":"r1","eventType":"printed","metadata":{},"sourceIp":"2001:db8::2"}""";
        string[] faulty =
        [
            "{}", "7", """{"renderId":7,"eventType":"viewed"}""", """{"renderId":"r0","eventType":"opened"}""",
            """{"renderId":"r0","eventType":"viewed","metadata":[]}""", """{"renderId":"r0","eventType":"viewed","sourceIp":"here"}""",
        ];
        string[] items = [Item, Item, """{"renderId":"unknown","eventType":"viewed"}""", .. faulty];
        var results = await Client.CallAsync("recordEvents", 200, "/v1/events", $"[{string.Join(',', items)}]");
        CheckItems(items, results);
        CheckItems(items, await Client.CallAsync("recordEvents", 200, "/v1/events", string.Join("\n\n", items), type: Lines));
        CheckItems([], await Client.CallAsync("recordEvents", 200, "/v1/events", "[]"));
        await Client.CallAsync("recordEvents", 200, "/v1/events", $"[{Item} {Item}]");
        await Client.CallAsync("recordEvents", 200, "/v1/events", Item + "\nnonsense", type: Lines);
        await Client.CallAsync("recordEvents", 413, "/v1/events", Large(20_000));
    }

    /// <summary>Each item's result says of it what its schema says.</summary>
    private void CheckItems(string[] items, ContractAnswer answer)
    {
        if (answer.Status != 200)
            return;
        var schema = Document.Resolve(Document.Root["components"]!["schemas"]!["BulkEvent"]!);
        using var body = JsonDocument.Parse(answer.Body);
        var results = body.RootElement.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(items.Length, results.Count);
        foreach (var (item, result) in items.Zip(results))
        {
            using var value = JsonDocument.Parse(item);
            var fits = Document.FaultsOf(schema, value.RootElement, closed: false).Count == 0;
            var code = result.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null;
            if (fits == (code == "invalid_request"))
                Client.Note([$"recordEvents: {item} was answered {result}"]);
        }
    }

    private async Task ObserveAsync()
    {
        await Client.CallAsync("checkHealth", 200, "/healthz");
        await Client.CallAsync("checkReadiness", 200, "/readyz");
        if ((await Client.CallAsync("readContract", 200, "/openapi.yaml")).Body != Repository.Read("openapi.yaml"))
            Client.Note(["the program was built with another openapi.yaml"]);
        await Client.CallAsync("readMetrics", 200, "/metrics");
        await ReadDashboardAsync();
        await Client.CallAsync("readStats", 200, "/v1/stats");
        await Client.FollowAsync("streamStats", "/v1/stats/stream", messages: 2);
    }

    private async Task ReadDashboardAsync()
    {
        var page = await Client.CallAsync("readDashboard", 200, "/");
        await Client.CallAsync("readDashboard", 304, "/", known: page.Headers["ETag"]);
        foreach (var name in Document.Operation("readDashboardFile").Parameters("path")["file"]["schema"]!["enum"]!.AsArray())
        {
            var file = await Client.CallAsync("readDashboardFile", 200, $"/dashboard/{name}");
            await Client.CallAsync("readDashboardFile", 304, $"/dashboard/{name}", known: $"\"other\", W/{file.Headers["ETag"]}");
            await Client.CallAsync("readDashboardFile", 200, $"/dashboard/{name}", known: "\"other\"");
        }

        await Client.CallAsync("readDashboardFile", 404, "/dashboard/index.html");
    }

    private async Task PresentWrongKeysAsync()
    {
        var keys = $"/v1/projects/{ServedFolder.ProjectId}/keys";
        var created = await Client.CallAsync("createKey", 201, keys);
        await Client.CallAsync("revokeKey", 200, $"{keys}/{created["id"]}");
        foreach (var operation in Document.Operations.Where(operation => operation.Key is not null))
        {
            var other = operation.Key == "projectKey" ? _accountKey : Folder.ApiKey;
            var bodies = new HashSet<string>();
            foreach (var key in new[] { "", "x", created["key"], other })
                bodies.Add((await Client.CallAsync(operation.Id, 401, PathOf(operation), operation.Method == "GET" ? null : "{", key)).Body);
            if (bodies.Count != 1)
                Client.Note([$"{operation} tells one wrong key from another: {string.Join(' ', bodies)}"]);
        }

        var gone = (await Client.CallAsync("createProject", 201, "/v1/projects", """{"name":"Gone"}"""))["id"];
        var keyOfGone = (await Client.CallAsync("createKey", 201, $"/v1/projects/{gone}/keys"))["key"];
        await Client.CallAsync("deleteProject", 200, $"/v1/projects/{gone}");
        foreach (var operation in Document.Operations.Where(operation => operation.Key == "projectKey"))
            await Client.CallAsync(operation.Id, 403, PathOf(operation), operation.Method == "GET" ? null : "{", keyOfGone);
    }

    /// <summary>Every path takes the methods that are declared for it, and no others; and what is no path is answered likewise.</summary>
    private async Task UseWrongMethodsAsync()
    {
        foreach (var path in Document.Operations.GroupBy(operation => operation.Path))
        {
            var methods = path.SelectMany(operation => operation.Method == "GET" ? ["GET", "HEAD"] : new[] { operation.Method }).ToHashSet();
            foreach (var wrong in new[] { "GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "BREW" }.Except(methods))
            {
                foreach (var plane in path.First().Planes)
                {
                    var answer = await Client.SendAsync(plane, wrong, PathOf(path.First()), null, "");
                    foreach (var operation in path)
                        Client.Check(operation, 405, answer, PathOf(operation), wrong);
                    if (!methods.SetEquals(answer.Headers.GetValueOrDefault("Allow", "").Split(", ")))
                        Client.Note([$"{wrong} {path.Key}: Allow is '{answer.Headers.GetValueOrDefault("Allow")}', and {string.Join(", ", methods)} are declared"]);
                }
            }
        }
    }

    private async Task BreakHttpAsync()
    {
        foreach (var operation in Document.Operations)
        {
            foreach (var plane in operation.Planes)
                await Client.SendRawAsync(operation.Id, plane, 431, Head(operation.Id, PathOf(operation)) + $"X: {new string('x', 40_000)}\r\n\r\n");
        }

        foreach (var plane in Enum.GetValues<Plane>())
        {
            await Client.SendRawAsync("checkHealth", plane, 400, "GET /healthz HTTP/1.1\r\n\r\n");
            await Client.SendRawAsync("checkHealth", plane, 414, $"GET /healthz?{new string('x', 9_000)} HTTP/1.1\r\nHost: edge\r\n\r\n");
            await Client.SendRawAsync("checkHealth", plane, 505, "GET /healthz HTTP/3.0\r\nHost: edge\r\n\r\n");
        }

        foreach (var operation in Document.Operations.Where(operation => operation.Bodies.Count > 0))
        {
            await Client.SendRawAsync(operation.Id, operation.Planes.Single(), 400, Head(operation.Id, PathOf(operation)) + "Transfer-Encoding: chunked\r\n\r\nnonsense\r\n");
        }
    }

    private Task<ContractAnswer[]> SendSlowlyAsync() => Task.WhenAll(
        Client.SendRawAsync("checkHealth", Plane.Data, 408, "GET /healthz HTTP/1.1\r\n"),
        Client.SendRawAsync("checkHealth", Plane.Admin, 408, "GET /healthz HTTP/1.1\r\n"),
        Client.SendRawAsync("recordEvent", Plane.Data, 408, Head("recordEvent", "/v1/renders/r0/events") + "Content-Length: 100\r\n\r\n{"),
        Client.SendRawAsync("createProject", Plane.Admin, 408, Head("createProject", "/v1/projects") + "Content-Length: 100\r\n\r\n{"));

    /// <summary>While another program has the database, events are taken until the journal is full.</summary>
    private async Task LoseDatabaseAsync()
    {
        using var _ = SqliteShell.LockForWriting(Folder.DataFile("events.db"));
        var metadata = $$"""{"p":"{{new string('x', 3_800)}}"}""";
        using (var events = Folder.Connect())
        {
            for (var n = 0; (await events.PostAsync("r0", "viewed", $"198.51.{n / 250}.{n % 250}", metadata))!.IsRecorded; n++)
                Assert.True(n < 2_000, "a journal of 1 MiB had room for 2,000 events of 4 KB");
        }

        await Client.CallAsync("recordEvent", 503, "/v1/renders/r0/events", $$"""{"eventType":"printed","metadata":{{metadata}}}""");
        await Client.CallAsync("recordEvents", 200, "/v1/events", $$"""[{"renderId":"r39","eventType":"printed","metadata":{{metadata}}}]""");
        await Client.CallAsync("readEngagement", 503, "/v1/renders/r0/engagement");
        await Client.CallAsync("readRenderEngagement", 503, $"/v1/projects/{ServedFolder.ProjectId}/renders/r0/engagement");
        await Client.CallAsync("checkReadiness", 503, "/readyz");
    }

    /// <summary>Where the catalog was, stands something else: it can be neither read nor changed.</summary>
    private async Task LoseCatalogAsync()
    {
        File.Move(Folder.DataFile("catalog.db"), Folder.DataFile("catalog.away"));
        await File.WriteAllTextAsync(Folder.DataFile("catalog.db"), new string('x', 100_000), TestContext.Current.CancellationToken);
        foreach (var operation in Document.Operations.Where(operation => operation.Key == "accountKey" && operation.Responses.ContainsKey("503")))
            await Client.CallAsync(operation.Id, 503, PathOf(operation), operation.Bodies.Count == 0 ? null : """{"name":"x","id":"x"}""", type: operation.Bodies.Keys.FirstOrDefault("application/json"));
    }

    /// <summary>A path of an operation, with things in it that are there.</summary>
    private static string PathOf(ContractOperation operation) => operation.Path
        .Replace("{id}", operation.Key == "projectKey" ? "r0" : ServedFolder.ProjectId, StringComparison.Ordinal)
        .Replace("{renderId}", "r0", StringComparison.Ordinal)
        .Replace("{keyId}", "k", StringComparison.Ordinal)
        .Replace("{file}", "main.js", StringComparison.Ordinal);

    /// <summary>The head of a request, but for the line that ends it.</summary>
    private string Head(string id, string path) => $"{Document.Operation(id).Method} {path} HTTP/1.1\r\nHost: edge\r\n{Client.Authorization(id)}";

    private static string Large(int length = 5_000) => new StringBuilder("{\"x\":\"").Append('x', length).Append("\"}").ToString();
}
