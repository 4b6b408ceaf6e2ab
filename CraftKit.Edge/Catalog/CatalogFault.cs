namespace CraftKit.Edge.Catalog;

/// <summary>The rule that kept an operation on the catalog from being done.</summary>
internal enum CatalogFault
{
    /// <summary>It was done.</summary>
    None,

    /// <summary>An id is not 1 to 64 of <c>A-Za-z0-9_-</c>.</summary>
    InvalidId,

    /// <summary>A name is empty or too long.</summary>
    InvalidName,

    /// <summary>No project has this id.</summary>
    ProjectNotFound,

    /// <summary>The project was deleted.</summary>
    ProjectDeleted,

    /// <summary>The id belongs to a project already, deleted or not.</summary>
    ProjectExists,

    /// <summary>No key has this id.</summary>
    KeyNotFound,

    /// <summary>The key was revoked before.</summary>
    KeyRevoked,

    /// <summary>No render has this id, or it was deleted.</summary>
    RenderNotFound,

    /// <summary>The render belongs to another project; it is never moved.</summary>
    RenderOfAnotherProject,
}
