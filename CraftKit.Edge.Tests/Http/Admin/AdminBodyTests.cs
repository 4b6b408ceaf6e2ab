using System.Text;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Storage;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

/// <summary>Bodies of the admin plane: the rules of the data plane hold here too (docs/API.md, "body"), and clients that are slow or break
/// off.</summary>
public sealed class AdminBodyTests : IAsyncLifetime
{
    private AdminServer _server = null!;
    private string _project = "";

    public static TheoryData<string, string> RoutesWithBody => new()
    {
        { "POST", "/v1/projects" },
        { "PATCH", "/v1/projects/{0}" },
        { "POST", "/v1/projects/{0}/keys" },
        { "PUT", "/v1/projects/{0}/renders/r" },
    };

    public async ValueTask InitializeAsync()
    {
        _server = await AdminServer.StartAsync(maxBodyBytes: 4096);
        _project = await _server.AddProjectAsync();
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(RoutesWithBody))]
    public async Task What_is_no_JSON_gets_invalid_json(string method, string pattern)
    {
        string[] bodies =
        [
            " ", "{", "{\"name\":\"x\"", "{\"name\":\"x\"}}", "{\"name\":\"x\"} x", "{\"name\":\"x\"}{}", "{'name':'x'}", "{\"name\":\"x\",}", "// x\n{}", "nul",
            "{\"name\":\"\\ud800\"}", "{\"name\":\"\\udc00\\ud800\"}", "{\"other\":[\"\\ud800\"],\"name\":\"x\"}", "{\"\\ud800\":1,\"name\":\"x\"}", "[\"\\ud800\"]", "\"\\ud800\"",
            "\uFEFF\uFEFF{}", $"{{\"name\":\"x\",\"y\":{new string('[', 64)}{new string(']', 64)}}}", "{\"name\":\"x\n\"}", "{\"name\":01}",
        ];
        foreach (var body in bodies)
            (await _server.SendAsync(method, string.Format(null, pattern, _project), body)).AssertError(400, "invalid_json");
        foreach (var bytes in new byte[][] { [0xFF], [0xC3], [.. "{\"name\":\"x\",\"y\":\""u8, 0xFF, .. "\"}"u8], [.. "{\"name\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8] })
            (await _server.SendAsync(method, string.Format(null, pattern, _project), bytes)).AssertError(400, "invalid_json");
    }

    [Theory]
    [InlineData("POST", "/v1/projects")]
    [InlineData("PATCH", "/v1/projects/{0}")]
    public async Task An_empty_body_is_no_JSON_where_the_name_must_be_there(string method, string pattern)
    {
        foreach (var body in new[] { null, "", "\uFEFF" })
            (await _server.SendAsync(method, string.Format(null, pattern, _project), body)).AssertError(400, "invalid_json");
    }

    [Theory]
    [MemberData(nameof(RoutesWithBody))]
    public async Task A_body_may_be_as_large_as_maxBodyBytes_and_no_larger(string method, string pattern)
    {
        var path = string.Format(null, pattern, _project);
        const string Body = """{"name":"x"}""";
        (await _server.SendAsync(method, path, Body.PadRight(4097))).AssertError(413, "payload_too_large");
        (await _server.SendAsync(method, path, new string('x', 4097))).AssertError(413, "payload_too_large");
        Assert.InRange((await _server.SendAsync(method, path, Body.PadRight(4096))).Status, 200, 201);
    }

    [Fact]
    public async Task A_chunked_body_is_held_to_the_limit_and_to_the_rules()
    {
        await using var connection = await _server.ConnectAsync();
        var head = $"POST /v1/projects HTTP/1.1\r\nHost: edge\r\n{_server.Authorization}Transfer-Encoding: chunked\r\n\r\n";
        await connection.SendAsync(head + "5\r\n{\"nam\r\n8\r\ne\":\"ab\"}\r\n0\r\n\r\n");
        Assert.Equal(201, (await connection.ReceiveAsync()).Status);
        await connection.SendAsync($"{head}800\r\n{new string(' ', 2048)}\r\n801\r\n{new string(' ', 2049)}\r\n0\r\n\r\n");
        Assert.Equal("payload_too_large", (await connection.ReceiveAsync()).Code);
    }

    [Fact]
    public async Task The_content_type_is_not_looked_at()
    {
        await using var connection = await _server.ConnectAsync();
        foreach (var type in new[] { "", "Content-Type: text/plain\r\n", "Content-Type: application/xml; charset=utf-16\r\n" })
        {
            await connection.SendAsync($"POST /v1/projects HTTP/1.1\r\nHost: edge\r\n{_server.Authorization}{type}Content-Length: 12\r\n\r\n{{\"name\":\"x\"}}");
            Assert.Equal(201, (await connection.ReceiveAsync()).Status);
        }
    }

    [Fact]
    public async Task A_client_that_breaks_off_in_its_body_changes_nothing()
    {
        await using (var connection = await _server.ConnectAsync())
        {
            await connection.SendAsync($"PUT /v1/projects/{_project}/renders/r HTTP/1.1\r\nHost: edge\r\n{_server.Authorization}Content-Length: 15\r\n\r\n{{\"shareId\":");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        (await _server.SendAsync("GET", $"/v1/projects/{_project}/renders/r")).AssertError(404, "not_found");
        Assert.Empty(_server.Log.Warnings);
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_gets_408()
    {
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync($"POST /v1/projects HTTP/1.1\r\nHost: edge\r\n{_server.Authorization}Content-Length: 1000\r\n\r\n{{");

        var response = await connection.ReceiveAsync();

        Assert.Equal((408, "request_timeout"), (response.Status, response.Code));
        Assert.True(await connection.EndsAsync());
    }

    [Fact]
    public async Task Head_is_answered_as_get_without_the_body()
    {
        (await _server.SendAsync("PUT", $"/v1/projects/{_project}/renders/r")).Expect(201);
        await using var connection = await _server.ConnectAsync();
        foreach (var path in new[] { "/healthz", $"/v1/projects/{_project}", $"/v1/projects/{_project}/renders", $"/v1/projects/{_project}/renders/r", $"/v1/projects/{_project}/renders/r/engagement", "/v1/projects/x" })
        {
            await connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: edge\r\n{_server.Authorization}\r\n");
            var get = await connection.ReceiveAsync();
            await connection.SendAsync($"HEAD {path} HTTP/1.1\r\nHost: edge\r\n{_server.Authorization}\r\n");
            var head = await connection.ReceiveAsync(headOnly: true);
            Assert.Equal((get.Status, get.Header("Content-Length"), "application/json"), (head.Status, head.Header("Content-Length"), head.Header("Content-Type")));
        }

        await connection.SendAsync($"HEAD /v1/projects HTTP/1.1\r\nHost: edge\r\n{_server.Authorization}\r\n");
        Assert.Equal(200, (await connection.ReceiveAsync(headOnly: true)).Status);
        await connection.SendAsync("GET /healthz HTTP/1.1\r\nHost: edge\r\n\r\n");
        Assert.Equal("""{"status":"ok"}""", (await connection.ReceiveAsync()).Body);
    }

    [Fact]
    public async Task Requests_that_wait_for_another_process_hold_no_thread_and_keep_nobody_else_waiting()
    {
        using var shell = SqliteFile.Open(
            Path.Combine(_server.DataPath, "catalog.db"), CatalogSchema.Schema, SqliteAccess.ReadWrite, SqliteSynchronous.Full);
        shell.Execute("BEGIN IMMEDIATE");
        List<Task<AdminAnswer>> waiting = [.. Enumerable.Range(0, 100).Select(i => _server.SendAsync("PUT", $"/v1/projects/{_project}/renders/r{i}"))];
        await Task.Delay(300, TestContext.Current.CancellationToken);
        var threads = ThreadPool.ThreadCount;
        for (var i = 0; i < 20; i++)
        {
            (await _server.SendAsync("GET", $"/v1/projects/{_project}/renders")).Expect(200);
            (await _server.SendAsync("GET", "/readyz", key: "")).Expect(200);
        }

        Assert.DoesNotContain(waiting, request => request.IsCompleted);
        Assert.InRange(threads, 0, 40);
        shell.Execute("ROLLBACK");

        Assert.All(await Task.WhenAll(waiting), answer => answer.Expect(201));
    }

    [Fact]
    public async Task Storage_that_fails_gets_503_and_works_again_when_it_can()
    {
        var path = Path.Combine(_server.DataPath, "catalog.db");
        using (var shell = SqliteFile.Open(path, CatalogSchema.Schema, SqliteAccess.ReadWrite, SqliteSynchronous.Full))
            shell.Execute("CREATE TRIGGER broken BEFORE INSERT ON projects BEGIN SELECT RAISE(ABORT, 'no more projects'); END");
        var failed = await _server.SendAsync("POST", "/v1/projects", """{"name":"x"}""");

        failed.AssertError(503, "storage_unavailable");
        Assert.True(failed.Headers.ContainsKey("Retry-After"));
        Assert.DoesNotContain("no more projects", failed.Body, StringComparison.Ordinal);
        Assert.Contains(_server.Log.Lines, line => line.Contains("no more projects", StringComparison.Ordinal));
        using (var shell = SqliteFile.Open(path, CatalogSchema.Schema, SqliteAccess.ReadWrite, SqliteSynchronous.Full))
            shell.Execute("DROP TRIGGER broken");
        (await _server.SendAsync("POST", "/v1/projects", Encoding.UTF8.GetBytes("""{"name":"x"}"""))).Expect(201);
    }
}
