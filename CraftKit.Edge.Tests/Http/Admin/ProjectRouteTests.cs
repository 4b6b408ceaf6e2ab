using System.Text.Json;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

/// <summary><c>/v1/projects</c> and <c>/v1/projects/{id}</c> (docs/API.md, "Projects over HTTP").</summary>
public sealed class ProjectRouteTests : IAsyncLifetime
{
    private AdminServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AdminServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_project_is_made_with_201_and_its_id_slug_and_name()
    {
        var made = (await _server.SendAsync("POST", "/v1/projects", """{"name":"  Crème Brûlée & Co. 2026\n","more":[{}]}""")).Expect(201);

        Assert.Equal(["id", "slug", "name"], made.Members);
        Assert.Equal("creme-brulee-co-2026", made["slug"]);
        Assert.Equal("  Crème Brûlée & Co. 2026\n", made["name"]);
        Assert.Equal('7', made["id"][14]);
        var found = (await _server.SendAsync("GET", $"/v1/projects/{made["id"]}")).Expect(200);
        Assert.Equal(["id", "slug", "name", "createdAt", "updatedAt"], found.Members);
        Assert.Equal((made["id"], made["slug"], made["name"]), (found["id"], found["slug"], found["name"]));
        Assert.Equal(found["createdAt"], found["updatedAt"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", found["createdAt"]);
    }

    [Theory]
    [InlineData("???", "project", "project-1")]
    [InlineData("Acme", "acme", "acme-1")]
    public async Task A_slug_that_is_taken_also_by_a_deleted_project_gets_a_number(string name, string first, string second)
    {
        var taken = (await _server.SendAsync("POST", "/v1/projects", $$"""{"name":"{{name}}"}""")).Expect(201);
        (await _server.SendAsync("DELETE", $"/v1/projects/{taken["id"]}")).Expect(200);
        var next = (await _server.SendAsync("POST", "/v1/projects", $$"""{"name":"{{name}}"}""")).Expect(201);

        Assert.Equal((first, second), (taken["slug"], next["slug"]));
    }

    [Theory]
    [InlineData("""{}""", """{"formErrors":[],"fieldErrors":{"name":["Required"]}}""")]
    [InlineData("""{"Name":"x"}""", """{"formErrors":[],"fieldErrors":{"name":["Required"]}}""")]
    [InlineData("""{"name":7}""", """{"formErrors":[],"fieldErrors":{"name":["Expected string, received number"]}}""")]
    [InlineData("""{"name":null}""", """{"formErrors":[],"fieldErrors":{"name":["Expected string, received null"]}}""")]
    [InlineData("""{"name":true}""", """{"formErrors":[],"fieldErrors":{"name":["Expected string, received boolean"]}}""")]
    [InlineData("""{"name":["x"]}""", """{"formErrors":[],"fieldErrors":{"name":["Expected string, received array"]}}""")]
    [InlineData("""{"name":{"name":"x"}}""", """{"formErrors":[],"fieldErrors":{"name":["Expected string, received object"]}}""")]
    [InlineData("""{"name":"x","name":{}}""", """{"formErrors":[],"fieldErrors":{"name":["Expected string, received object"]}}""")]
    [InlineData("""{"name":""}""", """{"formErrors":[],"fieldErrors":{"name":["String must contain at least 1 character(s)"]}}""")]
    [InlineData("""[]""", """{"formErrors":["Expected object, received array"],"fieldErrors":{}}""")]
    [InlineData("\"name\"", """{"formErrors":["Expected object, received string"],"fieldErrors":{}}""")]
    [InlineData("null", """{"formErrors":["Expected object, received null"],"fieldErrors":{}}""")]
    [InlineData("12", """{"formErrors":["Expected object, received number"],"fieldErrors":{}}""")]
    [InlineData(" false ", """{"formErrors":["Expected object, received boolean"],"fieldErrors":{}}""")]
    public async Task A_faulty_value_gets_422_from_POST_and_400_from_PATCH(string body, string issues)
    {
        (await _server.SendAsync("POST", "/v1/projects", body)).AssertIssues(422, issues);
        var project = await _server.AddProjectAsync();
        (await _server.SendAsync("PATCH", $"/v1/projects/{project}", body)).AssertIssues(400, issues);
        Assert.Single((await _server.SendAsync("GET", "/v1/projects")).Json.GetProperty("projects").EnumerateArray());
    }

    [Theory]
    [InlineData("POST", 120, 422)]
    [InlineData("PATCH", 200, 400)]
    public async Task A_name_is_as_long_as_it_may_be_in_UTF16_units(string method, int max, int status)
    {
        var path = method == "POST" ? "/v1/projects" : $"/v1/projects/{await _server.AddProjectAsync()}";
        (await _server.SendAsync(method, path, Named(new string('é', max)))).Expect(method == "POST" ? 201 : 200);
        (await _server.SendAsync(method, path, Named(string.Concat(Enumerable.Repeat("😀", max / 2))))).Expect(method == "POST" ? 201 : 200);
        (await _server.SendAsync(method, path, Named(string.Concat(Enumerable.Repeat("😀", (max / 2) + 1)))))
            .AssertIssues(status, $$$"""{"formErrors":[],"fieldErrors":{"name":["String must contain at most {{{max}}} character(s)"]}}""");

        static string Named(string name) => $$"""{"name":"{{name}}"}""";
    }

    [Fact]
    public async Task Projects_are_listed_newest_first_without_deleted_ones()
    {
        Assert.Equal("""{"projects":[]}""", (await _server.SendAsync("GET", "/v1/projects")).Expect(200).Body);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Add(await _server.AddProjectAsync($"P{i}"));
        (await _server.SendAsync("DELETE", $"/v1/projects/{ids[2]}")).Expect(200);

        var listed = (await _server.SendAsync("GET", "/v1/projects")).Json.GetProperty("projects").EnumerateArray().ToList();

        Assert.Equal([ids[4], ids[3], ids[1], ids[0]], listed.Select(project => project.GetProperty("id").GetString()));
        Assert.All(listed, project => Assert.Equal(["id", "slug", "name", "createdAt", "updatedAt"], project.EnumerateObject().Select(member => member.Name)));
    }

    [Fact]
    public async Task A_list_of_several_pages_is_whole()
    {
        var added = await _server.Gateway.ChangeAsync(
            catalog => Enumerable.Range(0, 2001).Select(i => catalog.Projects.Add($"P {i}").Value.Id).ToList(), TestContext.Current.CancellationToken);

        var listed = (await _server.SendAsync("GET", "/v1/projects")).Expect(200).Json.GetProperty("projects").EnumerateArray().Select(project => project.GetProperty("id").GetString()!);

        Assert.Equal(Enumerable.Reverse(added), listed);
    }

    [Fact]
    public async Task A_new_name_leaves_the_slug_and_moves_updatedAt()
    {
        var project = await _server.AddProjectAsync("Before");
        var before = await _server.SendAsync("GET", $"/v1/projects/{project}");
        await Task.Delay(5, TestContext.Current.CancellationToken);
        var renamed = (await _server.SendAsync("PATCH", $"/v1/projects/{project}", """{"name":" After "}""")).Expect(200);

        Assert.Equal(["id", "slug", "name", "createdAt", "updatedAt"], renamed.Members);
        Assert.Equal((" After ", "before", before["createdAt"]), (renamed["name"], renamed["slug"], renamed["createdAt"]));
        Assert.True(string.CompareOrdinal(renamed["updatedAt"], before["updatedAt"]) > 0);
        Assert.Equal(renamed.Body, (await _server.SendAsync("GET", $"/v1/projects/{project}")).Body);
    }

    [Fact]
    public async Task A_project_is_deleted_once_and_its_keys_get_403_in_the_very_next_request()
    {
        var project = await _server.AddProjectAsync();
        var (key, _) = await _server.CreateKeyAsync(project);
        (await _server.SendAsync("PUT", $"/v1/projects/{project}/renders/r")).Expect(201);
        (await _server.RecordAsync("r", key)).Expect(200);

        var deleted = (await _server.SendAsync("DELETE", $"/v1/projects/{project}")).Expect(200);
        (await _server.RecordAsync("r", key)).AssertError(403, "forbidden");

        Assert.Equal($$"""{"id":"{{project}}","deleted":true}""", deleted.Body);
        (await _server.SendAsync("DELETE", $"/v1/projects/{project}")).AssertError(404, "not_found");
        (await _server.SendAsync("GET", $"/v1/projects/{project}")).AssertError(404, "not_found");
        (await _server.SendAsync("PATCH", $"/v1/projects/{project}", """{"name":"x"}""")).AssertError(404, "not_found");
    }

    [Fact]
    public async Task A_name_of_any_characters_comes_back_as_it_was_sent()
    {
        const string Name = "\u0000\u001b[31m \"\\</script>\u2028\uD83D\uDE00'--";
        var body = JsonSerializer.Serialize(new Dictionary<string, string> { ["name"] = Name });
        var made = (await _server.SendAsync("POST", "/v1/projects", body)).Expect(201);

        Assert.Equal(Name, made["name"]);
        Assert.Equal(Name, (await _server.SendAsync("GET", $"/v1/projects/{made["id"]}"))["name"]);
        Assert.DoesNotContain('\u001b', made.Body);
    }
}
