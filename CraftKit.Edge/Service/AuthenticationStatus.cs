namespace CraftKit.Edge.Service;

/// <summary>What became of a presented key.</summary>
internal enum AuthenticationStatus : byte
{
    /// <summary>Missing, malformed, unknown or revoked: 401.</summary>
    Unauthorized,

    /// <summary>The key lives, its project does not: 403.</summary>
    Forbidden,

    /// <summary>The key of a living project.</summary>
    Granted,
}
