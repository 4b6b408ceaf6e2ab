using System.Text;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Http.Admin;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

/// <summary><c>POST /v1/projects/{id}/renders</c> (docs/API.md, "Renders over HTTP").</summary>
public sealed class RenderBulkTests : IAsyncLifetime
{
    private AdminServer _server = null!;
    private string _project = "";
    private string _renders = "";

    public async ValueTask InitializeAsync()
    {
        _server = await AdminServer.StartAsync();
        _project = await _server.AddProjectAsync();
        _renders = $"/v1/projects/{_project}/renders";
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Lines_become_renders_and_count_on_the_data_plane_at_once()
    {
        var (key, _) = await _server.CreateKeyAsync(_project);
        var loaded = (await _server.SendAsync("POST", _renders, "\uFEFF{\"id\":\"a\",\"shareId\":\"s\"}\r\n\r\n \t \n{\"id\":\"b\",\"projectId\":7,\"x\":[]}\n{\"shareId\":null,\"id\":\"\\u0063\"}")).Expect(200);

        Assert.Equal("""{"added":3,"changed":0,"unchanged":0}""", loaded.Body);
        foreach (var id in new[] { "a", "b", "c" })
            (await _server.RecordAsync(id, key)).Expect(200);
        Assert.Equal("s", (await _server.SendAsync("GET", $"{_renders}/a"))["shareId"]);
    }

    [Fact]
    public async Task Loading_again_changes_only_what_differs()
    {
        (await _server.SendAsync("POST", _renders, """
            {"id":"a","shareId":"s"}
            {"id":"b","shareId":"s"}
            {"id":"c","shareId":"s"}
            {"id":"gone"}
            """)).Expect(200);
        (await _server.SendAsync("DELETE", $"{_renders}/gone")).Expect(200);

        var again = await _server.SendAsync("POST", _renders, """
            {"id":"a","shareId":"s"}
            {"id":"b"}
            {"id":"c","shareId":null}
            {"id":"d"}
            {"id":"gone"}
            """);

        Assert.Equal("""{"added":2,"changed":1,"unchanged":2}""", again.Expect(200).Body);
    }

    [Fact]
    public async Task An_empty_body_loads_nothing() =>
        Assert.Equal("""{"added":0,"changed":0,"unchanged":0}""", (await _server.SendAsync("POST", _renders, "")).Expect(200).Body);

    [Fact]
    public async Task All_or_nothing_and_every_bad_line_is_named()
    {
        var other = await _server.AddProjectAsync();
        (await _server.SendAsync("PUT", $"/v1/projects/{other}/renders/others")).Expect(201);

        var body = Encoding.UTF8.GetBytes("""
            {"id":"good"}

            {"id":"good","shareId":"s"}
            {}
            {"id":7,"shareId":[]}
            {"id":"others"}
            ["id"]
            {"id":"x"}}
            nonsense
            {"id":"x","y":"\ud800"}
            {"id":"","shareId":"a b"}
            {"id":"fine"}
            {"id":"bytes","y":"?"}
            """);
        body[body.AsSpan().IndexOf((byte)'?')] = 0xFF;
        var refused = await _server.SendAsync("POST", _renders, body);

        refused.AssertIssues(400, """
            {"formErrors":[],"fieldErrors":{"line 3":["id 'good' was given before"],"line 4":["id: Required"],
            "line 5":["id: Expected string, received number","shareId: Expected string, received array"],
            "line 6":["render 'others' belongs to another project"],"line 7":["Expected object, received array"],"line 8":["not valid JSON"],
            "line 9":["not valid JSON"],"line 10":["not valid JSON"],"line 11":["id: String must contain at least 1 character(s)","shareId: Invalid"],
            "line 13":["not valid JSON"]}}
            """.ReplaceLineEndings(""));
        Assert.Equal("""{"renders":[],"next":null}""", (await _server.SendAsync("GET", _renders)).Body);
    }

    [Fact]
    public async Task Every_one_of_many_bad_lines_is_named()
    {
        var refused = await _server.SendAsync("POST", _renders, string.Concat(Enumerable.Repeat("x\n", 5000)));

        refused.AssertError(400, "invalid_request");
        Assert.Equal(
            Enumerable.Range(1, 5000).Select(line => $"line {line}"),
            refused.Json.GetProperty("error").GetProperty("issues").GetProperty("fieldErrors").EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public async Task Nesting_ends_at_64_levels_in_a_line_too()
    {
        (await _server.SendAsync("POST", _renders, Nested(63))).Expect(200);
        (await _server.SendAsync("POST", _renders, Nested(64))).AssertIssues(400, """{"formErrors":[],"fieldErrors":{"line 1":["not valid JSON"]}}""");

        static string Nested(int levels) => $$"""{"id":"n","x":{{new string('[', levels)}}{{new string(']', levels)}}}""";
    }

    [Fact]
    public async Task A_hundred_thousand_lines_are_taken_and_one_more_is_not()
    {
        var lines = new StringBuilder();
        for (var i = 0; i < RenderBulk.MaxLines; i++)
            lines.Append($$"""{"id":"0197b3c4-5d6e-7f80-9a1b-{{i:x12}}","shareId":"0197b3c4-5d6e-7f80-9a1c-{{i:x12}}"}""").Append("\n\n");

        (await _server.SendAsync("POST", _renders, lines.ToString() + """{"id":"one-more"}"""))
            .AssertIssues(400, """{"formErrors":[],"fieldErrors":{"line 200001":["more than 100000 lines; send the rest apart"]}}""");
        Assert.Equal("""{"added":100000,"changed":0,"unchanged":0}""", (await _server.SendAsync("POST", _renders, lines.ToString())).Expect(200).Body);
        Assert.Equal("""{"added":0,"changed":0,"unchanged":100000}""", (await _server.SendAsync("POST", _renders, lines.ToString())).Expect(200).Body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task More_than_32_MiB_get_413_whatever_is_in_them(bool chunked)
    {
        var line = new string(' ', 1 << 20);
        await using var connection = await _server.ConnectAsync();
        var head = $"POST {_renders} HTTP/1.1\r\nHost: edge\r\n{_server.Authorization}";
        if (!chunked)
        {
            await connection.SendAsync($"{head}Content-Length: {RenderBulk.MaxBodyBytes + 1}\r\n\r\n");
        }
        else
        {
            await connection.SendAsync($"{head}Transfer-Encoding: chunked\r\n\r\n");
            for (var i = 0; i < RenderBulk.MaxBodyBytes / line.Length; i++)
                await connection.SendAsync($"{line.Length:x}\r\n{line}\r\n");
            await connection.SendAsync("1\r\nx\r\n0\r\n\r\n");
        }

        Assert.Equal("payload_too_large", (await connection.ReceiveAsync()).Code);
    }

    [Fact]
    public async Task Exactly_32_MiB_are_taken()
    {
        var body = new byte[RenderBulk.MaxBodyBytes];
        body.AsSpan().Fill((byte)'\n');
        """{"id":"last"}"""u8.CopyTo(body.AsSpan(body.Length - 13));

        Assert.Equal("""{"added":1,"changed":0,"unchanged":0}""", (await _server.SendAsync("POST", _renders, body)).Expect(200).Body);
    }

    [Fact]
    public async Task A_body_that_comes_in_drops_is_taken_while_others_are_answered()
    {
        await using var connection = await _server.ConnectAsync();
        var body = string.Concat(Enumerable.Range(0, 40).Select(i => $$"""{"id":"r{{i}}"}""" + "\n"));
        await connection.SendAsync($"POST {_renders} HTTP/1.1\r\nHost: edge\r\n{_server.Authorization}Content-Length: {body.Length}\r\n\r\n");
        var status = 201;
        foreach (var drop in body.Chunk(7))
        {
            await connection.SendAsync(new string(drop));
            (await _server.SendAsync("PUT", $"{_renders}/meanwhile")).Expect(status);
            status = 200;
        }

        Assert.Equal("""{"added":40,"changed":0,"unchanged":0}""", (await connection.ReceiveAsync()).Body);
    }

    [Fact]
    public async Task A_project_that_is_deleted_while_the_body_comes_gets_404()
    {
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync($"POST {_renders} HTTP/1.1\r\nHost: edge\r\n{_server.Authorization}Content-Length: 10\r\n\r\n");
        await Task.Delay(200, TestContext.Current.CancellationToken);
        (await _server.SendAsync("DELETE", $"/v1/projects/{_project}")).Expect(200);
        await connection.SendAsync("""{"id":"r"}""");

        Assert.Equal("not_found", (await connection.ReceiveAsync()).Code);
        using var catalog = CatalogStore.Open(_server.DataPath, TimeProvider.System);
        Assert.Equal(CatalogFault.RenderNotFound, catalog.Renders.Get("r").Fault);
    }
}
