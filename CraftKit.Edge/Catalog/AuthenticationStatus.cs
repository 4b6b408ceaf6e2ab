namespace CraftKit.Edge.Catalog;

/// <summary>What a request's <c>Authorization</c> header came to.</summary>
internal enum AuthenticationStatus
{
    /// <summary>No live key: missing, malformed, unknown and revoked are not told apart. 401.</summary>
    Unauthorized,

    /// <summary>A live key of a project that was deleted. 403.</summary>
    Forbidden,

    /// <summary>A live key of a project that lives.</summary>
    Granted,
}
