using System.Text.Json.Nodes;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;
using IOPath = System.IO.Path;

namespace CraftKit.Edge.Cli;

/// <summary>The configuration that <c>init</c> writes: every key with its default, as <c>config.example.json</c> has it.</summary>
/// <param name="configFile">As the command line named it; null for the working folder's <c>config.json</c>.</param>
/// <param name="dataFolder">As the command line named it; null for the default beside the configuration.</param>
internal sealed class FirstConfiguration(string? configFile, string? dataFolder)
{
    private const string Resource = "config.example.json";

    /// <summary>Where it is, absolute.</summary>
    public string Path { get; } = IOPath.GetFullPath(configFile ?? ConfigurationSources.DefaultFile);

    /// <summary>Writes it.</summary>
    /// <returns>False when a file is there already; that is then kept as it is.</returns>
    /// <exception cref="EdgeException">It cannot be written.</exception>
    public bool TryWrite()
    {
        if (File.Exists(Path))
            return false;
        try
        {
            using (var file = new FileStream(Path, FileMode.CreateNew, FileAccess.Write))
            using (var writer = new StreamWriter(file))
                writer.Write(Text());

            // There is no secret in it, and the user that serves may be another one.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException($"{Path}: cannot be written: {exception.Message}", inner: exception);
        }
    }

    /// <summary>Takes back what <see cref="TryWrite"/> wrote.</summary>
    public void Remove() => File.Delete(Path);

    private string Text()
    {
        using var resource = typeof(FirstConfiguration).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not in the program");
        using var reader = new StreamReader(resource);
        var text = reader.ReadToEnd();
        if (dataFolder is null)
            return text;

        // The text as it stands, but for the one value: members keep their order and layout.
        var name = $"\"dataDirectory\": {JsonValue.Create("data").ToJsonString()}";
        return text.Replace(name, $"\"dataDirectory\": {JsonValue.Create(IOPath.GetFullPath(dataFolder)).ToJsonString()}", StringComparison.Ordinal);
    }
}
