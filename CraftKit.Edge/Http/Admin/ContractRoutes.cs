using Microsoft.AspNetCore.Http;

namespace CraftKit.Edge.Http.Admin;

/// <summary><c>/openapi.yaml</c>: the description of both planes that travels in the binary, without a key.</summary>
internal static class ContractRoutes
{
    private const string Resource = "openapi.yaml";

    // Made by the first request. Two at once may each make it; the answers are alike.
    private static ApiAnswer? _answer;

    public static AdminRoute[] All =>
        [new AdminRoute("/openapi.yaml", needsKey: false).On(HttpMethods.Get, static _ => Task.FromResult<ApiAnswer?>(_answer ??= Read()))];

    private static ApiAnswer Read()
    {
        using var resource = typeof(ContractRoutes).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} was not embedded.");
        var text = new byte[resource.Length];
        resource.ReadExactly(text);
        return new ApiAnswer(StatusCodes.Status200OK, text) { ContentType = "application/yaml" };
    }
}
