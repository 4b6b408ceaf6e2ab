namespace CraftKit.Edge.Bench.EndToEnd.Servers;

/// <summary>Programs of the machine.</summary>
internal static class Programs
{
    /// <summary>The path of a program that the shell would find, or one that only root's shell would; null if there is none.</summary>
    public static string? Find(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/local/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
