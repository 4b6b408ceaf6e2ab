using CraftKit.Edge.Catalog;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Service;

/// <summary>Provisions something to try the service with.</summary>
internal static class Demo
{
    private const string ProjectId = "demo", RenderId = "demo-render", ShareId = "demo-share", KeyName = "demo";

    /// <summary>Makes sure that there is a demo project with a render, and makes a fresh key for it: of an earlier one only the hash is known.</summary>
    /// <exception cref="EdgeException">The catalog cannot be written.</exception>
    public static Example Provision(DataFolder folder, TimeProvider clock)
    {
        using var catalog = CatalogStore.Open(folder.FolderPath, clock, migrate: true);
        var project = catalog.Projects.Get(ProjectId) is { Fault: CatalogFault.None } known ? known.Value : AddProject(catalog);
        var key = catalog.Keys.Create(project.Id, KeyName).Value;
        var render = catalog.Renders.Get(RenderId) is { Fault: CatalogFault.None } found && found.Value.ProjectId != project.Id
            ? CatalogId.Create(clock)
            : RenderId;
        _ = catalog.Renders.Add(render, project.Id, ShareChange.Set(ShareId)).Value;
        return new Example(render, key.Plaintext);
    }

    // A demo project that was deleted keeps its id; then a new one gets another.
    private static CatalogProject AddProject(CatalogStore catalog)
    {
        var added = catalog.Projects.Add("Demo", ProjectId);
        return added.Fault == CatalogFault.ProjectExists ? catalog.Projects.Add("Demo").Value : added.Value;
    }

    /// <summary>A render and a key with which an event can be recorded.</summary>
    /// <param name="RenderId">The render.</param>
    /// <param name="Key">The key in plain text; shown this once.</param>
    public sealed record Example(string RenderId, string Key)
    {
        /// <summary>A command line to paste into a shell, for a service that listens on <paramref name="url"/>.</summary>
        public string CurlLine(string url) =>
            $"curl -sS -X POST {ShellText.Quote($"{Reachable(url)}/v1/renders/{RenderId}/events")} -H 'Authorization: Bearer {Key}' "
            + """-H 'Content-Type: application/json' -d '{"eventType":"viewed","metadata":{"source":"demo"}}'""";

        // A service that listens on every address is reached through loopback.
        private static string Reachable(string url) =>
            url.TrimEnd('/').Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal).Replace("://[::]", "://[::1]", StringComparison.Ordinal);
    }
}
