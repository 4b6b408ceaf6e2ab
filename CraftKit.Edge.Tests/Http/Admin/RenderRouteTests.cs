using CraftKit.Edge.Catalog;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

/// <summary><c>/v1/projects/{id}/renders/{renderId}</c>, the pages and the engagement (docs/API.md, "Renders over HTTP").</summary>
public sealed class RenderRouteTests : IAsyncLifetime
{
    private AdminServer _server = null!;
    private string _project = "";
    private string _key = "";
    private string _renders = "";

    public async ValueTask InitializeAsync()
    {
        _server = await AdminServer.StartAsync();
        _project = await _server.AddProjectAsync();
        (_key, _) = await _server.CreateKeyAsync(_project);
        _renders = $"/v1/projects/{_project}/renders";
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_render_is_put_with_201_when_it_is_new_and_200_when_it_was_there()
    {
        var created = (await _server.SendAsync("PUT", $"{_renders}/r_-1", """{"shareId":"s"}""")).Expect(201);
        var again = (await _server.SendAsync("PUT", $"{_renders}/r_-1", """{"shareId":"s"}""")).Expect(200);

        Assert.Equal(["id", "projectId", "shareId", "createdAt"], created.Members);
        Assert.Equal(("r_-1", _project, "s"), (created["id"], created["projectId"], created["shareId"]));
        Assert.Equal(created.Body, again.Body);
        Assert.Equal(created.Body, (await _server.SendAsync("GET", $"{_renders}/r_-1")).Expect(200).Body);
        (await _server.RecordAsync("r_-1", _key)).Expect(200);
    }

    [Fact]
    public async Task An_absent_shareId_leaves_the_share_and_null_takes_it_away()
    {
        Assert.Null(await PutAsync(null, 201));
        Assert.Equal("s", await PutAsync("""{"shareId":"s"}""", 200));
        Assert.Equal("s", await PutAsync(null, 200));
        Assert.Equal("s", await PutAsync("", 200));
        Assert.Equal("s", await PutAsync("{}", 200));
        Assert.Equal("t", await PutAsync("""{"shareId":null,"shareId":"\u0074"}""", 200));
        Assert.Null(await PutAsync("""{"shareId":null}""", 200));

        async Task<string?> PutAsync(string? body, int status) => (await _server.SendAsync("PUT", $"{_renders}/r", body)).Expect(status)["shareId"];
    }

    [Theory]
    [InlineData("""{"shareId":""}""", """{"formErrors":[],"fieldErrors":{"shareId":["String must contain at least 1 character(s)"]}}""")]
    [InlineData("""{"shareId":"a b"}""", """{"formErrors":[],"fieldErrors":{"shareId":["Invalid"]}}""")]
    [InlineData("""{"shareId":"é"}""", """{"formErrors":[],"fieldErrors":{"shareId":["Invalid"]}}""")]
    [InlineData("""{"shareId":"+xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}""", """{"formErrors":[],"fieldErrors":{"shareId":["String must contain at most 64 character(s)","Invalid"]}}""")]
    [InlineData("""{"shareId":7}""", """{"formErrors":[],"fieldErrors":{"shareId":["Expected string, received number"]}}""")]
    [InlineData("""{"shareId":{"shareId":"s"}}""", """{"formErrors":[],"fieldErrors":{"shareId":["Expected string, received object"]}}""")]
    [InlineData("[]", """{"formErrors":["Expected object, received array"],"fieldErrors":{}}""")]
    public async Task A_faulty_value_gets_400_and_puts_nothing(string body, string issues)
    {
        (await _server.SendAsync("PUT", $"{_renders}/r", body)).AssertIssues(400, issues);
        (await _server.SendAsync("GET", $"{_renders}/r")).AssertError(404, "not_found");
    }

    [Fact]
    public async Task A_path_that_can_name_no_render_gets_400_from_PUT_and_404_from_the_others()
    {
        foreach (var id in new[] { "a%20b", "%C3%A9", "a%2Fb", "%zz", new string('x', 65) })
        {
            (await _server.SendAsync("PUT", $"{_renders}/{id}", "{")).AssertError(400, "invalid_json");
            (await _server.SendAsync("PUT", $"{_renders}/{id}")).AssertIssues(400, """{"formErrors":[],"fieldErrors":{"renderId":["Invalid"]}}""");
            (await _server.SendAsync("PUT", $"{_renders}/{id}", """{"shareId":7}"""))
                .AssertIssues(400, """{"formErrors":[],"fieldErrors":{"renderId":["Invalid"],"shareId":["Expected string, received number"]}}""");
            (await _server.SendAsync("GET", $"{_renders}/{id}")).AssertError(404, "not_found");
            (await _server.SendAsync("DELETE", $"{_renders}/{id}")).AssertError(404, "not_found");
            (await _server.SendAsync("GET", $"{_renders}/{id}/engagement")).AssertError(404, "not_found");
        }
    }

    [Fact]
    public async Task A_render_of_another_project_gets_409_after_the_body_was_looked_at_and_is_never_moved()
    {
        var other = await _server.AddProjectAsync();
        (await _server.SendAsync("PUT", $"/v1/projects/{other}/renders/r", """{"shareId":"s"}""")).Expect(201);

        (await _server.SendAsync("PUT", $"{_renders}/r", "{")).AssertError(400, "invalid_json");
        (await _server.SendAsync("PUT", $"{_renders}/r", """{"shareId":7}""")).AssertError(400, "invalid_request");
        (await _server.SendAsync("PUT", $"{_renders}/r")).AssertError(409, "conflict");
        (await _server.SendAsync("GET", $"{_renders}/r")).AssertError(404, "not_found");
        (await _server.SendAsync("DELETE", $"{_renders}/r")).AssertError(404, "not_found");
        (await _server.SendAsync("DELETE", $"/v1/projects/{other}")).Expect(200);
        (await _server.SendAsync("PUT", $"{_renders}/r")).AssertError(409, "conflict");
    }

    [Fact]
    public async Task A_deleted_render_gets_404_in_the_very_next_request_and_its_id_is_free()
    {
        (await _server.SendAsync("PUT", $"{_renders}/r", """{"shareId":"s"}""")).Expect(201);
        (await _server.RecordAsync("r", _key)).Expect(200);

        Assert.Equal("""{"id":"r","deleted":true}""", (await _server.SendAsync("DELETE", $"{_renders}/r")).Expect(200).Body);
        (await _server.RecordAsync("r", _key)).AssertError(404, "not_found");
        (await _server.SendAsync("DELETE", $"{_renders}/r")).AssertError(404, "not_found");
        (await _server.SendAsync("GET", $"{_renders}/r")).AssertError(404, "not_found");
        var other = await _server.AddProjectAsync();
        Assert.Null((await _server.SendAsync("PUT", $"/v1/projects/{other}/renders/r")).Expect(201)["shareId"]);
    }

    [Fact]
    public async Task All_renders_are_found_page_by_page_by_id()
    {
        const int Count = 2500;
        var other = await _server.AddProjectAsync();
        await _server.Gateway.ChangeAsync(
            catalog =>
            {
                foreach (var project in new[] { _project, other })
                {
                    var batch = new ImportBatch(project);
                    batch.Push(System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, Count).Select(i => $$"""{"id":"{{(project == other ? "o" : "r")}}-{{i}}"}""" + "\n"))));
                    batch.End();
                    Assert.Equal(Count, catalog.Renders.Import(batch).Value.Added);
                }

                return true;
            },
            TestContext.Current.CancellationToken);
        var expected = Enumerable.Range(0, Count).Select(i => $"r-{i}").Order(StringComparer.Ordinal).ToList();

        foreach (var limit in new[] { 1000, 100, 499, 500, 2500 })
        {
            var found = new List<string>();
            var pages = new List<int>();
            var path = limit is 100 ? _renders : $"{_renders}?limit={Math.Min(limit, 1000)}";
            for (string? next = path; next is not null;)
            {
                var page = (await _server.SendAsync("GET", next)).Expect(200);
                Assert.Equal(["renders", "next"], page.Members);
                var ids = page.Json.GetProperty("renders").EnumerateArray().Select(render => render.GetProperty("id").GetString()!).ToList();
                found.AddRange(ids);
                pages.Add(ids.Count);
                next = page["next"] is { } after ? $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}after={after}" : null;
                Assert.True(next is null || page["next"] == ids[^1]);
            }

            Assert.Equal(expected, found);
            Assert.Equal((Count + Math.Min(limit, 1000) - 1) / Math.Min(limit, 1000), pages.Count);
        }
    }

    [Theory]
    [InlineData("limit=0", "limit", "Number must be greater than or equal to 1")]
    [InlineData("limit=-5", "limit", "Number must be greater than or equal to 1")]
    [InlineData("limit=", "limit", "Expected number, received nan")]
    [InlineData("limit", "limit", "Expected number, received nan")]
    [InlineData("limit=1001", "limit", "Number must be less than or equal to 1000")]
    [InlineData("limit=99999999999999999999", "limit", "Number must be less than or equal to 1000")]
    [InlineData("limit=abc", "limit", "Expected number, received nan")]
    [InlineData("limit=1.5", "limit", "Expected integer, received float")]
    [InlineData("limit=5&limit=0", "limit", "Number must be greater than or equal to 1")]
    [InlineData("after=a%20b", "after", "Invalid")]
    public async Task A_faulty_query_gets_400(string query, string field, string message)
    {
        (await _server.SendAsync("GET", $"{_renders}?{query}")).AssertIssues(400, $$$"""{"formErrors":[],"fieldErrors":{"{{{field}}}":["{{{message}}}"]}}""");
        (await _server.SendAsync("GET", $"/v1/projects/unknown/renders?{query}")).AssertError(404, "not_found");
    }

    [Theory]
    [InlineData("limit=1", "[\"a\"]", "a")]
    [InlineData("limit=2", "[\"a\",\"b\"]", null)]
    [InlineData("limit=1000&after=a", "[\"b\"]", null)]
    [InlineData("after=b", "[]", null)]
    [InlineData("after=", "[\"a\",\"b\"]", null)]
    [InlineData("after=aa&limit=%31&other=x", "[\"b\"]", null)]
    public async Task A_page_begins_behind_after_and_next_is_null_when_nothing_follows(string query, string ids, string? next)
    {
        foreach (var id in new[] { "b", "a" })
            (await _server.SendAsync("PUT", $"{_renders}/{id}")).Expect(201);
        var page = (await _server.SendAsync("GET", $"{_renders}?{query}")).Expect(200);

        Assert.Equal(ids, System.Text.Json.JsonSerializer.Serialize(page.Json.GetProperty("renders").EnumerateArray().Select(render => render.GetProperty("id").GetString())));
        Assert.Equal(next, page["next"]);
    }

    [Fact]
    public async Task Engagement_is_the_data_planes()
    {
        (await _server.SendAsync("PUT", $"{_renders}/r", """{"shareId":"s"}""")).Expect(201);
        (await _server.RecordAsync("r", _key)).Expect(200);
        (await _server.RecordAsync("r", _key, "printed")).Expect(200);

        var engagement = (await _server.SendAsync("GET", $"{_renders}/r/engagement")).Expect(200);

        Assert.Equal((await _server.SendToDataAsync("GET", "/v1/renders/r/engagement", null, _key)).Expect(200).Body, engagement.Body);
        Assert.Equal(2, engagement.Json.GetProperty("total").GetInt32());
        (await _server.SendAsync("GET", $"{_renders}/unknown/engagement")).AssertError(404, "not_found");
        var other = await _server.AddProjectAsync();
        (await _server.SendAsync("GET", $"/v1/projects/{other}/renders/r/engagement")).AssertError(404, "not_found");
    }
}
