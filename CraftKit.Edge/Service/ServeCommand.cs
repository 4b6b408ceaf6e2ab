using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Service;

/// <summary>Serves a data folder until it is told to stop.</summary>
internal static class ServeCommand
{
    /// <summary>Serves.</summary>
    /// <param name="options">The valid configuration.</param>
    /// <param name="demo">Whether to make a project, key and render first and to print a curl line.</param>
    /// <param name="stop">Asks for an orderly stop.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(EdgeOptions options, bool demo, CancellationToken stop) =>
        throw new EdgeException($"{options.DataDirectory}: serve is not built into this binary");
}
