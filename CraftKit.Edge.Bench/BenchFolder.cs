namespace CraftKit.Edge.Bench;

/// <summary>A folder for one benchmark's files, gone at its end. It lies below the working folder and not in the system's temporary one,
/// which may be kept in memory: a journal or a database is to be measured on a disk.</summary>
internal sealed class BenchFolder : IDisposable
{
    /// <summary>The folder, absolute.</summary>
    public string FolderPath { get; } =
        Directory.CreateDirectory(Path.Combine(Environment.CurrentDirectory, "BenchmarkDotNet.Artifacts", "data", Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>The path of a name in it.</summary>
    public string this[string name] => Path.Combine(FolderPath, name);

    public void Dispose() => Directory.Delete(FolderPath, recursive: true);
}
