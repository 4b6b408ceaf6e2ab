using CraftKit.Edge.Catalog;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

/// <summary>Who may do what, and which check comes first.</summary>
public sealed class AdminAccessTests : IAsyncLifetime
{
    private AdminServer _server = null!;

    public static TheoryData<string, string, string> Routes => new()
    {
        { "POST", "/v1/projects", "GET, HEAD, POST" },
        { "GET", "/v1/projects", "GET, HEAD, POST" },
        { "GET", "/v1/projects/{0}", "GET, HEAD, PATCH, DELETE" },
        { "PATCH", "/v1/projects/{0}", "GET, HEAD, PATCH, DELETE" },
        { "DELETE", "/v1/projects/{0}", "GET, HEAD, PATCH, DELETE" },
        { "POST", "/v1/projects/{0}/keys", "GET, HEAD, POST" },
        { "GET", "/v1/projects/{0}/keys", "GET, HEAD, POST" },
        { "DELETE", "/v1/projects/{0}/keys/{1}", "DELETE" },
        { "GET", "/v1/projects/{0}/renders", "GET, HEAD, POST" },
        { "POST", "/v1/projects/{0}/renders", "GET, HEAD, POST" },
        { "GET", "/v1/projects/{0}/renders/{1}/engagement", "GET, HEAD" },
        { "PUT", "/v1/projects/{0}/renders/{1}", "GET, HEAD, PUT, DELETE" },
        { "GET", "/v1/projects/{0}/renders/{1}", "GET, HEAD, PUT, DELETE" },
        { "DELETE", "/v1/projects/{0}/renders/{1}", "GET, HEAD, PUT, DELETE" },
    };

    public async ValueTask InitializeAsync() => _server = await AdminServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Without_a_live_account_key_every_route_answers_401_whatever_it_is_sent(string method, string pattern, string allow)
    {
        _ = allow;
        var project = await _server.AddProjectAsync();
        var (projectKey, _) = await _server.CreateKeyAsync(project);
        foreach (var id in new[] { project, "unknown", "%20" })
        {
            var path = string.Format(null, pattern, id, "r");
            var bodies = new List<string>();
            foreach (var key in new[] { "", projectKey, "ck_acct_0123456789abcdefghijABCDEFGHIJ01", _server.Account.Plaintext + "x", "ck_acct_" })
            {
                var answer = (await _server.SendAsync(method, path, method == "GET" ? null : new string('x', 100_000), key)).Expect(401);
                Assert.Equal("unauthorized", answer.Code);
                Assert.Equal("Bearer", answer.Headers["WWW-Authenticate"]);
                bodies.Add(answer.Body);
            }

            Assert.Single(bodies.Distinct());
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_route_of_a_project_answers_404_for_an_unknown_or_deleted_one_before_it_looks_at_the_body(string method, string pattern, string allow)
    {
        _ = allow;
        if (!pattern.Contains("{0}", StringComparison.Ordinal))
            return;
        var deleted = await _server.AddProjectAsync();
        (await _server.SendAsync("DELETE", $"/v1/projects/{deleted}")).Expect(200);
        foreach (var id in new[] { "unknown", deleted, "%20", "a%2Fb", new string('x', 65) })
        {
            foreach (var body in new[] { null, "{", "[]", new string('x', 100_000) })
                (await _server.SendAsync(method, string.Format(null, pattern, id, "r"), method == "GET" ? null : body)).AssertError(404, "not_found");
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_wrong_method_gets_405_and_Allow_with_or_without_a_key(string method, string pattern, string allow)
    {
        _ = method;
        foreach (var key in new[] { "", _server.Account.Plaintext })
        {
            foreach (var wrong in new[] { "OPTIONS", "BREW", "TRACE" })
            {
                var answer = await _server.SendAsync(wrong, string.Format(null, pattern, "p", "r"), key: key);
                answer.AssertError(405, "method_not_allowed");
                Assert.Equal(allow, answer.Headers["Allow"]);
            }
        }
    }

    [Theory]
    [InlineData("GET", "/v1")]
    [InlineData("GET", "/v1/")]
    [InlineData("GET", "/v1/projects/")]
    [InlineData("GET", "//v1/projects")]
    [InlineData("GET", "/V1/projects")]
    [InlineData("GET", "/v1/projects/p/")]
    [InlineData("GET", "/v1/projects//keys")]
    [InlineData("GET", "/v1/projects/p/keys/")]
    [InlineData("GET", "/v1/projects/p/renders/r/")]
    [InlineData("GET", "/v1/projects/p/renders/r/engagement/")]
    [InlineData("GET", "/v1/projects/p/renders/r/events")]
    [InlineData("POST", "/v1/renders/r/events")]
    [InlineData("GET", "/v1/renders/r/engagement")]
    [InlineData("GET", "/v1/accounts")]
    public async Task An_unknown_route_gets_404_with_or_without_a_key(string method, string path)
    {
        foreach (var key in new[] { "", _server.Account.Plaintext })
            (await _server.SendAsync(method, path, key: key)).AssertError(404, "not_found");
    }

    [Fact]
    public async Task With_no_account_key_in_existence_everyone_gets_401()
    {
        using (var catalog = CatalogStore.Open(_server.DataPath, TimeProvider.System))
            _ = catalog.AccountKeys.Revoke(_server.Account.Key.Id).Value;
        Assert.True(await _server.Gateway.ChangeAsync(_ => true, TestContext.Current.CancellationToken));

        (await _server.SendAsync("GET", "/v1/projects")).AssertError(401, "unauthorized");
        Assert.Equal(200, (await _server.SendAsync("GET", "/healthz", key: "")).Status);
        Assert.Equal(200, (await _server.SendAsync("GET", "/readyz", key: "")).Status);
    }

    [Fact]
    public async Task An_account_key_opens_nothing_on_the_data_plane()
    {
        var project = await _server.AddProjectAsync();
        (await _server.SendAsync("PUT", $"/v1/projects/{project}/renders/r")).Expect(201);

        (await _server.RecordAsync("r", _server.Account.Plaintext)).AssertError(401, "unauthorized");
        (await _server.SendToDataAsync("GET", "/v1/renders/r/engagement", null, _server.Account.Plaintext)).AssertError(401, "unauthorized");
    }

    [Fact]
    public async Task What_was_made_here_takes_an_event_in_the_very_next_request()
    {
        var project = await _server.AddProjectAsync();
        var (key, _) = await _server.CreateKeyAsync(project);
        (await _server.SendAsync("PUT", $"/v1/projects/{project}/renders/r", """{"shareId":"s"}""")).Expect(201);

        Assert.Equal((200, """{"recorded":true}"""), ((await _server.RecordAsync("r", key)) is var answer ? (answer.Status, answer.Body) : default));
    }
}
