using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Configuration;

/// <summary>The errors of the configuration, all of one form: where, which key, what is wrong. Exit code 2.</summary>
internal static class ConfigurationFault
{
    /// <summary>The exit code of a wrong configuration or command line.</summary>
    public const int ExitCode = 2;

    /// <summary><c>config.json: journal.capacityBytes: 1000 is below 1048576</c>.</summary>
    public static EdgeException At(string origin, string key, string problem) => new($"{origin}: {key}: {problem}", ExitCode);

    /// <summary>A fault of the origin as a whole.</summary>
    public static EdgeException At(string origin, string problem, Exception? inner = null) => new($"{origin}: {problem}", ExitCode, inner);
}
