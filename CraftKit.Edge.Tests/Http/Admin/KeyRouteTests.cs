using System.Globalization;
using System.Text.Json;
using CraftKit.Edge.Catalog;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

/// <summary><c>/v1/projects/{id}/keys</c> and <c>/v1/projects/{id}/keys/{keyId}</c> (docs/API.md, "Keys over HTTP").</summary>
public sealed class KeyRouteTests : IAsyncLifetime
{
    private AdminServer _server = null!;
    private string _project = "";
    private string _keys = "";

    public async ValueTask InitializeAsync()
    {
        _server = await AdminServer.StartAsync();
        _project = await _server.AddProjectAsync();
        _keys = $"/v1/projects/{_project}/keys";
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(null, "API key")]
    [InlineData("", "API key")]
    [InlineData("\uFEFF", "API key")]
    [InlineData("{}", "API key")]
    [InlineData("""{"name":" backend "}""", " backend ")]
    [InlineData("\uFEFF{\"name\":1,\"n\\u0061me\":\"last\"}", "last")]
    public async Task A_key_is_made_with_201_shown_whole_and_works_at_once(string? body, string name)
    {
        var made = (await _server.SendAsync("POST", _keys, body)).Expect(201);

        Assert.Equal(["id", "projectId", "name", "prefix", "key", "createdAt"], made.Members);
        Assert.Equal((_project, name), (made["projectId"], made["name"]));
        Assert.Matches("^ck_live_[0-9A-Za-z]{32,}$", made["key"]);
        Assert.Equal(made["key"][..13], made["prefix"]);
        (await _server.SendToDataAsync("GET", "/v1/renders/none/engagement", null, made["key"])).AssertError(404, "not_found");
    }

    [Theory]
    [InlineData("""{"name":""}""", """{"formErrors":[],"fieldErrors":{"name":["String must contain at least 1 character(s)"]}}""")]
    [InlineData("""{"name":null}""", """{"formErrors":[],"fieldErrors":{"name":["Expected string, received null"]}}""")]
    [InlineData("""{"name":7}""", """{"formErrors":[],"fieldErrors":{"name":["Expected string, received number"]}}""")]
    [InlineData("""["name"]""", """{"formErrors":["Expected object, received array"],"fieldErrors":{}}""")]
    [InlineData("null", """{"formErrors":["Expected object, received null"],"fieldErrors":{}}""")]
    public async Task A_faulty_value_gets_400(string body, string issues)
    {
        (await _server.SendAsync("POST", _keys, body)).AssertIssues(400, issues);
        Assert.Equal("""{"keys":[]}""", (await _server.SendAsync("GET", _keys)).Body);
    }

    [Fact]
    public async Task A_name_has_at_most_200_UTF16_units()
    {
        (await _server.SendAsync("POST", _keys, $$"""{"name":"{{new string('x', 200)}}"}""")).Expect(201);
        (await _server.SendAsync("POST", _keys, $$"""{"name":"{{new string('x', 201)}}"}"""))
            .AssertIssues(400, """{"formErrors":[],"fieldErrors":{"name":["String must contain at most 200 character(s)"]}}""");
    }

    [Fact]
    public async Task Keys_are_listed_newest_first_with_revoked_ones_and_without_the_key()
    {
        var (first, firstId) = await _server.CreateKeyAsync(_project);
        var (second, secondId) = await _server.CreateKeyAsync(_project);
        await _server.CreateKeyAsync(await _server.AddProjectAsync());
        (await _server.SendAsync("DELETE", $"{_keys}/{firstId}")).Expect(200);

        var answer = (await _server.SendAsync("GET", _keys)).Expect(200);
        var listed = answer.Json.GetProperty("keys").EnumerateArray().ToList();

        Assert.Equal([secondId, firstId], listed.Select(key => key.GetProperty("id").GetString()));
        Assert.All(listed, key => Assert.Equal(
            ["id", "projectId", "name", "prefix", "createdAt", "lastUsedAt", "revokedAt"], key.EnumerateObject().Select(member => member.Name)));
        Assert.Equal([JsonValueKind.Null, JsonValueKind.String], listed.Select(key => key.GetProperty("revokedAt").ValueKind));
        Assert.All(listed, key => Assert.Equal(JsonValueKind.Null, key.GetProperty("lastUsedAt").ValueKind));
        Assert.DoesNotContain(first, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(second, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_several_pages_is_whole()
    {
        var made = await _server.Gateway.ChangeAsync(
            catalog => Enumerable.Range(0, 1000).Select(_ => catalog.Keys.Create(_project).Value.Key.Id).ToList(), TestContext.Current.CancellationToken);

        var listed = (await _server.SendAsync("GET", _keys)).Expect(200).Json.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("id").GetString()!);

        Assert.Equal(Enumerable.Reverse(made), listed);
    }

    [Fact]
    public async Task A_key_is_revoked_once_and_gets_401_in_the_very_next_request()
    {
        var (key, id) = await _server.CreateKeyAsync(_project);
        (await _server.SendToDataAsync("GET", "/v1/renders/none/engagement", null, key)).Expect(404);

        var revoked = (await _server.SendAsync("DELETE", $"{_keys}/{id}")).Expect(200);
        (await _server.SendToDataAsync("GET", "/v1/renders/none/engagement", null, key)).AssertError(401, "unauthorized");

        Assert.Equal($$"""{"id":"{{id}}","revoked":true}""", revoked.Body);
        (await _server.SendAsync("DELETE", $"{_keys}/{id}")).AssertError(404, "not_found");
    }

    [Fact]
    public async Task A_key_of_another_project_is_not_found_and_stays()
    {
        var other = await _server.AddProjectAsync();
        var (key, id) = await _server.CreateKeyAsync(other);

        (await _server.SendAsync("DELETE", $"{_keys}/{id}")).AssertError(404, "not_found");
        (await _server.SendAsync("DELETE", $"{_keys}/unknown")).AssertError(404, "not_found");
        (await _server.SendAsync("DELETE", $"{_keys}/%20")).AssertError(404, "not_found");
        (await _server.SendAsync("DELETE", $"{_keys}/{_server.Account.Key.Id}")).AssertError(404, "not_found");
        (await _server.SendToDataAsync("GET", "/v1/renders/none/engagement", null, key)).AssertError(404, "not_found");
    }

    [Fact]
    public async Task The_last_use_of_a_key_is_told_to_the_minute()
    {
        var (used, usedId) = await _server.CreateKeyAsync(_project);
        await _server.CreateKeyAsync(_project);
        var before = DateTimeOffset.UtcNow;
        (await _server.SendToDataAsync("GET", "/v1/renders/none/engagement", null, used)).Expect(404);

        var keys = (await _server.SendAsync("GET", _keys)).Json.GetProperty("keys").EnumerateArray().ToDictionary(key => key.GetProperty("id").GetString()!, key => key.GetProperty("lastUsedAt"));

        Assert.Equal(2, keys.Count);
        foreach (var (id, lastUsedAt) in keys)
        {
            if (id != usedId)
            {
                Assert.Equal(JsonValueKind.Null, lastUsedAt.ValueKind);
                continue;
            }

            Assert.EndsWith(":00.000Z", lastUsedAt.GetString(), StringComparison.Ordinal);
            Assert.InRange(DateTimeOffset.Parse(lastUsedAt.GetString()!, CultureInfo.InvariantCulture), before.AddMinutes(-1), DateTimeOffset.UtcNow);
        }
    }

    [Fact]
    public async Task What_the_command_line_changes_is_seen_by_the_next_request()
    {
        using var catalog = CatalogStore.Open(_server.DataPath, TimeProvider.System);
        var project = catalog.Projects.Add("by command").Value;
        var key = catalog.Keys.Create(project.Id, "by command").Value.Key;

        Assert.Equal("by command", (await _server.SendAsync("GET", $"/v1/projects/{project.Id}")).Expect(200)["name"]);
        (await _server.SendAsync("DELETE", $"/v1/projects/{project.Id}/keys/{key.Id}")).Expect(200);
        Assert.NotNull(Assert.Single(catalog.Keys.List(project.Id).Value).RevokedAt);
    }
}
