namespace CraftKit.Edge.Tests.Binary;

/// <summary>A render, a type and an address, as a client names them. Two renders of a <see cref="ServedFolder"/> with one share and the same type and
/// address have one dedupe key.</summary>
internal readonly record struct DedupeScope(string RenderId, string EventType, string SourceIp)
{
    private static readonly string[] Types = ["viewed", "downloaded", "printed"];

    /// <summary>What the service tells duplicates apart by.</summary>
    public (string Scope, string EventType, string SourceIp) Key => (ServedFolder.ShareOf(RenderId) ?? $"render {RenderId}", EventType, SourceIp);

    /// <summary>The same key through the other render of the share; itself without a share.</summary>
    public DedupeScope ToLike() => ServedFolder.SiblingOf(RenderId) is { } sibling ? this with { RenderId = sibling } : this;

    /// <summary>The <paramref name="n"/>-th scope; all of them have different keys.</summary>
    public static DedupeScope Number(long n) =>
        new($"r{n % ServedFolder.Renders}", Types[n / ServedFolder.Renders % 3], $"10.{(n >> 16) & 255}.{(n >> 8) & 255}.{n & 255}");
}
