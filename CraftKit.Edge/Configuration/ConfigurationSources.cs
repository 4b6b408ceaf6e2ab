using System.Collections;

namespace CraftKit.Edge.Configuration;

/// <summary>Where the configuration comes from, weakest first: the file, the environment, the command line.</summary>
internal sealed record ConfigurationSources
{
    /// <summary>The file that is read, when it is there, if none is named.</summary>
    public const string DefaultFile = "config.json";

    /// <summary>The file that was named, which must be there; null for <see cref="DefaultFile"/> in the working folder.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The working folder.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>The environment's variables.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    /// <summary>Options of the command line that stand for a key: the option, the key, the value.</summary>
    public IReadOnlyList<(string Option, string Key, string Value)> CommandLine { get; init; } = [];

    /// <summary>The working folder and environment of this process.</summary>
    public static ConfigurationSources OfProcess() => new()
    {
        WorkingFolder = Directory.GetCurrentDirectory(),
        Environment = [.. System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value ?? ""))],
    };
}
