using System.Runtime.CompilerServices;

namespace CraftKit.Edge.Tests.Docs;

/// <summary>The files of the repository that these tests were compiled from.</summary>
internal static class Repository
{
    /// <summary>The documents for people.</summary>
    public static IReadOnlyList<string> Documents { get; } = ["README.md", "CHANGELOG.md", "docs/API.md", "docs/ARCHITECTURE.md", "docs/BENCHMARKS.md"];

    private static string Root { get; } = FindRoot();

    /// <summary>A path below the root, absolute.</summary>
    public static string PathOf(string relative) => Path.GetFullPath(relative, Root);

    /// <summary>The text of a file.</summary>
    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>All C# files below a folder, with paths from the root.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    // Where the tests were built need not be where they stand: a published or moved test assembly looks from its own place.
    private static string FindRoot([CallerFilePath] string here = "")
    {
        foreach (var start in (string?[])[AppContext.BaseDirectory, Path.GetDirectoryName(here)])
        {
            for (var folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "CraftKit.Edge.sln")))
                    return folder;
            }
        }

        throw new InvalidOperationException($"no CraftKit.Edge.sln above {AppContext.BaseDirectory}");
    }
}
