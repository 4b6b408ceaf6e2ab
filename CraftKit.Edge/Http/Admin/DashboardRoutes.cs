using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CraftKit.Edge.Http.Admin;

/// <summary>The dashboard: a page and what it loads, without a key. The files travel in the binary; the page asks the API like any other
/// client.</summary>
internal static class DashboardRoutes
{
    // Nothing from elsewhere, nothing inline, in no frame. The page's own script and style are files beside it.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly Dictionary<string, StringValues> Headers = new()
    {
        ["Content-Security-Policy"] = Policy,
        ["X-Content-Type-Options"] = "nosniff",
        ["X-Frame-Options"] = "DENY",
        ["Referrer-Policy"] = "no-referrer",
        ["Cross-Origin-Opener-Policy"] = "same-origin",
        ["Cross-Origin-Resource-Policy"] = "same-origin",
        // The next version's page must not meet this version's script.
        ["Cache-Control"] = "no-cache",
    };

    /// <summary>The files: path, name in the binary, content type.</summary>
    public static IReadOnlyList<(string Path, string File, string Type)> Files { get; } =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/dashboard/style.css", "style.css", "text/css; charset=utf-8"),
        ("/dashboard/icon.svg", "icon.svg", "image/svg+xml"),
        .. new[] { "main", "api", "chart", "dom", "live", "lookup", "manage" }.Select(name =>
            ($"/dashboard/{name}.js", $"{name}.js", "text/javascript; charset=utf-8")),
    ];

    public static IEnumerable<AdminRoute> All => Files.Select(file =>
    {
        var answer = new Lazy<ApiAnswer>(() => new ApiAnswer(StatusCodes.Status200OK, Read(file.File)) { ContentType = file.Type, Headers = Headers });
        return new AdminRoute(file.Path, needsKey: false).On(HttpMethods.Get, _ => Task.FromResult<ApiAnswer?>(answer.Value));
    });

    /// <summary>A file's bytes.</summary>
    internal static byte[] Read(string file)
    {
        using var resource = typeof(DashboardRoutes).Assembly.GetManifestResourceStream("dashboard/" + file)
            ?? throw new InvalidOperationException($"The resource dashboard/{file} was not embedded.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
