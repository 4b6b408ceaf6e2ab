namespace CraftKit.Edge.Bench;

/// <summary>The repository that this program was built from.</summary>
internal static class Repository
{
    /// <summary>Its root, absolute.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where programs and results of benchmarks are kept; git does not look there.</summary>
    public static string Results { get; } = Path.Combine(Root, "artifacts", "bench");

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "CraftKit.Edge.sln")))
                return folder;
        }

        throw new InvalidOperationException($"There is no CraftKit.Edge.sln above {AppContext.BaseDirectory}.");
    }
}
