namespace CraftKit.Edge.Tests.Platform;

/// <summary>A folder of the test's own, gone at its end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder, absolute.</summary>
    public string FolderPath { get; } = Directory.CreateTempSubdirectory("craftkit-edge-test-").FullName;

    /// <summary>The path of a name in it.</summary>
    public string this[string name] => Path.Combine(FolderPath, name);

    public void Dispose() => Directory.Delete(FolderPath, recursive: true);
}
