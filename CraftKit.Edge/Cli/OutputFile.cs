using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary>A file that a command fills: under a temporary name beside it until it is whole, so that a failed command leaves what was
/// there before and half a file never passes for a whole one. What is no ordinary file (a pipe, a device, a link) is written
/// directly.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _path;
    private readonly string? _temporary;

    private OutputFile(string path, string? temporary, FileMode mode)
    {
        _path = path;
        _temporary = temporary;
        Stream = new FileStream(temporary ?? path, mode, FileAccess.Write, FileShare.Read);
    }

    /// <summary>Where the content goes. What it throws, <see cref="Failure"/> tells.</summary>
    public Stream Stream { get; }

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file; replaced when it is there.</param>
    /// <param name="dataFolder">The data folder, in which no output may be put: it would replace a database.</param>
    /// <exception cref="EdgeException">It lies in the data folder (exit code 2) or cannot be created.</exception>
    public static OutputFile Create(string path, string dataFolder)
    {
        if (path.Length == 0)
            throw new EdgeException("--out: must name a file", ConfigurationFault.ExitCode);
        var absolute = Path.GetFullPath(path);
        if (absolute.StartsWith(Path.TrimEndingDirectorySeparator(dataFolder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new EdgeException($"{path}: lies in the data folder; choose another place", ConfigurationFault.ExitCode);
        try
        {
            if (!Path.Exists(absolute) || (PosixFile.IsRegularFile(absolute) && new FileInfo(absolute).LinkTarget is null))
                return new OutputFile(absolute, $"{absolute}.{Environment.ProcessId}.partial", FileMode.CreateNew);
            return new OutputFile(absolute, temporary: null, PosixFile.IsRegularFile(absolute) ? FileMode.Truncate : FileMode.Open);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException($"{path}: cannot be created ({e.Message})", inner: e);
        }
    }

    /// <summary>Puts the whole file in its place.</summary>
    /// <param name="flush">Hands the last of the content to <see cref="Stream"/>.</param>
    /// <exception cref="EdgeException">The system refuses, as on a full disk.</exception>
    public void Complete(Action flush)
    {
        try
        {
            flush();
            Stream.Dispose();
            if (_temporary is not null)
                File.Move(_temporary, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(e);
        }
    }

    /// <summary>What the operator is told when the stream failed.</summary>
    public EdgeException Failure(Exception cause) => new($"{_path}: cannot be written ({cause.Message})", inner: cause);

    /// <summary>Takes away what is not complete.</summary>
    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // Its last bytes found no room either; the failure that led here is already on its way to the operator.
        }

        if (_temporary is not null)
            File.Delete(_temporary);
    }
}
