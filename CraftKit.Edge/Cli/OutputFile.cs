using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary>A file that a command fills: under a temporary name beside it until it is whole, so that a failed command leaves what was
/// there before and half a file never passes for a whole one. A device or pipe is written directly.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _path;
    private readonly string? _temporary;
    private bool _isComplete;

    private OutputFile(string path, string? temporary)
    {
        _path = path;
        _temporary = temporary;
        Stream = temporary is null
            ? new FileStream(path, FileMode.Open, FileAccess.Write)
            : new FileStream(temporary, FileMode.CreateNew, FileAccess.Write);
    }

    /// <summary>Where the content goes.</summary>
    public Stream Stream { get; }

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file; replaced when it is there.</param>
    /// <param name="dataFolder">The data folder, in which no output may be put: it would replace a database.</param>
    /// <exception cref="EdgeException">It lies in the data folder (exit code 2) or cannot be created.</exception>
    public static OutputFile Create(string path, string dataFolder)
    {
        var absolute = Path.GetFullPath(path);
        if (absolute.StartsWith(Path.TrimEndingDirectorySeparator(dataFolder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new EdgeException($"{path}: lies in the data folder; choose another place", ConfigurationFault.ExitCode);
        try
        {
            var isPlain = !File.Exists(absolute) || (File.GetAttributes(absolute) & FileAttributes.Device) == 0 && new FileInfo(absolute).LinkTarget is null;
            return new OutputFile(absolute, isPlain ? $"{absolute}.{Environment.ProcessId}.partial" : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException($"{path}: cannot be created ({e.Message})", inner: e);
        }
    }

    /// <summary>Puts the whole file in its place.</summary>
    /// <exception cref="EdgeException">The system refuses, as on a full disk.</exception>
    public void Complete()
    {
        try
        {
            Stream.Dispose();
            if (_temporary is not null)
                File.Move(_temporary, _path, overwrite: true);
            _isComplete = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException($"{_path}: cannot be written ({e.Message})", inner: e);
        }
    }

    public void Dispose()
    {
        Stream.Dispose();
        if (!_isComplete && _temporary is not null)
            File.Delete(_temporary);
    }
}
