namespace CraftKit.Edge.Configuration;

/// <summary>Section <c>bulk</c>: many events in one request.</summary>
internal sealed record BulkSection
{
    /// <summary>Smallest <see cref="MaxBodyBytes"/>: 1 KiB.</summary>
    public const int MinMaxBodyBytes = 1024;

    /// <summary>Largest <see cref="MaxBodyBytes"/>: 1 GiB.</summary>
    public const int MaxMaxBodyBytes = 1 << 30;

    /// <summary>The largest body of a bulk request in bytes, 1 KiB to 1 GiB. It is read as a stream, so this costs no memory; each of its
    /// items is still bounded by <see cref="EdgeOptions.MaxBodyBytes"/>.</summary>
    [Within(MinMaxBodyBytes, MaxMaxBodyBytes)]
    public int MaxBodyBytes { get; set; } = 8 << 20;
}
