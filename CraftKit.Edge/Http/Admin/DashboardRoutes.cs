using Microsoft.AspNetCore.Http;

namespace CraftKit.Edge.Http.Admin;

/// <summary><c>/</c> and <c>/dashboard/…</c>: a page and the files that it loads, without a key. They travel in the binary; the page asks the
/// routes of this plane like any other client.</summary>
internal static class DashboardRoutes
{
    /// <summary>What the names of the embedded files begin with.</summary>
    internal const string Resources = "dashboard/";

    private const string Page = "index.html";

    public static IEnumerable<AdminRoute> All => typeof(DashboardRoutes).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Resources, StringComparison.Ordinal))
        .Select(name => Route(name[Resources.Length..]));

    private static AdminRoute Route(string name)
    {
        // Read by the first request: a service whose dashboard nobody opens does without it.
        var file = new Lazy<DashboardFile>(() => new DashboardFile(name));
        return new AdminRoute(name == Page ? "/" : $"/{Resources}{name}", needsKey: false).On(HttpMethods.Get, request => file.Value.GetAsync(request));
    }
}
