namespace CraftKit.Edge.Catalog;

/// <summary>Why an operation was not done; turns into the <see cref="CatalogResult{T}"/> of any operation.</summary>
/// <param name="Fault">The rule that was broken.</param>
/// <param name="Message">One line for the operator.</param>
internal sealed record CatalogRefusal(CatalogFault Fault, string Message)
{
    public static CatalogRefusal InvalidId(string what, string id) => new(CatalogFault.InvalidId, $"{what} '{Shown(id)}': {CatalogId.Rule}");

    public static CatalogRefusal InvalidName(string what, int maxLength) =>
        new(CatalogFault.InvalidName, $"{what}: must have 1 to {maxLength} characters");

    public static CatalogRefusal ProjectNotFound(string id) =>
        new(CatalogFault.ProjectNotFound, $"project '{Shown(id)}': not found; craftkit-edge project list shows the known ones");

    public static CatalogRefusal ProjectDeleted(string id) =>
        new(CatalogFault.ProjectDeleted, $"project '{id}': was deleted; use another project");

    public static CatalogRefusal KeyNotFound(string id) =>
        new(CatalogFault.KeyNotFound, $"key '{Shown(id)}': not found; craftkit-edge key list shows the known ones");

    public static CatalogRefusal AccountKeyNotFound(string id) =>
        new(CatalogFault.KeyNotFound, $"account key '{Shown(id)}': not found; craftkit-edge account key list shows the known ones");

    public static CatalogRefusal KeyRevoked(string id) => new(CatalogFault.KeyRevoked, $"key '{id}': is revoked already; nothing was changed");

    public static CatalogRefusal RenderNotFound(string id) =>
        new(CatalogFault.RenderNotFound, $"render '{Shown(id)}': not found; craftkit-edge render list shows the known ones");

    public static CatalogRefusal RenderOfAnotherProject(string id) =>
        new(CatalogFault.RenderOfAnotherProject, $"render '{id}': belongs to another project, and renders are never moved; choose another id");

    /// <summary>What came from outside may hold control characters, which never reach a terminal or a log raw.</summary>
    private static string Shown(string id) =>
        CatalogId.IsValid(id) ? id : string.Concat(id.Take(CatalogId.MaxLength).Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
