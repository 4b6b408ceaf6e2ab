using CraftKit.Edge.Tests.Docs;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

/// <summary><c>/openapi.yaml</c> (docs/API.md, "OpenAPI").</summary>
public sealed class ContractRouteTests : IAsyncLifetime
{
    private AdminServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AdminServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task It_is_the_file_of_the_repository_and_needs_no_key()
    {
        var answer = (await _server.SendAsync("GET", "/openapi.yaml", key: "")).Expect(200);

        Assert.Equal(Repository.Read("openapi.yaml"), answer.Body);
        Assert.Equal("application/yaml", answer.Headers["Content-Type"]);
    }

    [Fact]
    public async Task HEAD_gets_its_head()
    {
        var answer = (await _server.SendAsync("HEAD", "/openapi.yaml", key: "")).Expect(200);

        Assert.Equal("", answer.Body);
        Assert.Equal("application/yaml", answer.Headers["Content-Type"]);
        Assert.Equal(new FileInfo(Repository.PathOf("openapi.yaml")).Length.ToString(), answer.Headers["Content-Length"]);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Other_methods_get_405_and_Allow(string method)
    {
        var answer = await _server.SendAsync(method, "/openapi.yaml", key: "");

        answer.AssertError(405, "method_not_allowed");
        Assert.Equal("GET, HEAD", answer.Headers["Allow"]);
    }

    [Fact]
    public async Task The_data_plane_does_not_serve_it() =>
        (await _server.SendToDataAsync("GET", "/openapi.yaml", null, "")).AssertError(404, "not_found");
}
