namespace CraftKit.Edge.Catalog;

/// <summary>What becomes of a render's share when the render is given again.</summary>
internal readonly struct ShareChange
{
    private readonly bool _given;

    private ShareChange(string? share)
    {
        _given = true;
        Share = share;
    }

    /// <summary>The <c>shareId</c> was absent: the share stays as it is; a new render has none.</summary>
    public static ShareChange Keep => default;

    /// <summary>The <c>shareId</c> was null: the share goes.</summary>
    public static ShareChange Remove => new(null);

    /// <summary>Whether the share stays as it is.</summary>
    public bool IsKeep => !_given;

    /// <summary>The new share, null for none; says nothing when <see cref="IsKeep"/>.</summary>
    public string? Share { get; }

    /// <summary>The render is shared through <paramref name="share"/> from now on.</summary>
    public static ShareChange Set(string share) => new(share);

    /// <summary>The share after the change.</summary>
    public string? Apply(string? current) => IsKeep ? current : Share;
}
