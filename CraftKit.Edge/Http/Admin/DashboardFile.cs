using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CraftKit.Edge.Http.Admin;

/// <summary>A file of the dashboard, out of the binary, with the headers that keep the page to itself.</summary>
internal sealed class DashboardFile
{
    // Nothing from elsewhere, nothing inline, no text that becomes script or markup, in no frame.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private readonly ApiAnswer _answer;
    private readonly EntityTagHeaderValue _tag;
    private readonly Dictionary<string, StringValues> _headers;

    /// <param name="name">Its name in the folder <c>Dashboard</c>.</param>
    /// <exception cref="InvalidOperationException">It was not embedded.</exception>
    public DashboardFile(string name)
    {
        var bytes = Read(name);
        _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"");
        _headers = new()
        {
            ["Content-Security-Policy"] = Policy,
            ["X-Content-Type-Options"] = "nosniff",
            ["X-Frame-Options"] = "DENY",
            ["Referrer-Policy"] = "no-referrer",
            ["Cross-Origin-Opener-Policy"] = "same-origin",
            ["Cross-Origin-Resource-Policy"] = "same-origin",
            // Asked for each time, so that the next version's page never meets this version's script.
            ["Cache-Control"] = "no-cache",
            ["ETag"] = _tag.ToString(),
        };
        _answer = new ApiAnswer(StatusCodes.Status200OK, bytes) { ContentType = TypeOf(name), Headers = _headers };
    }

    /// <summary>Answers with the file, or with 304 to a client that has it.</summary>
    public Task<ApiAnswer?> GetAsync(AdminRequest request)
    {
        var known = request.Features.GetRequiredFeature<IHttpRequestFeature>().Headers.IfNoneMatch;
        if (!EntityTagHeaderValue.TryParseList(known, out var tags) || !tags.Any(IsThis))
            return Task.FromResult<ApiAnswer?>(_answer);
        var response = request.Features.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = StatusCodes.Status304NotModified;
        foreach (var (name, value) in _headers)
            response.Headers[name] = value;
        return Task.FromResult<ApiAnswer?>(null);
    }

    private bool IsThis(EntityTagHeaderValue tag) => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(_tag, useStrongComparison: false);

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new InvalidOperationException($"{name} is of no kind that the dashboard has."),
    };

    private static byte[] Read(string name)
    {
        using var resource = typeof(DashboardFile).Assembly.GetManifestResourceStream(DashboardRoutes.Resources + name)
            ?? throw new InvalidOperationException($"The resource {DashboardRoutes.Resources}{name} was not embedded.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
