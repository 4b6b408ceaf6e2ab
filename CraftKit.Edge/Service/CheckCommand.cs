using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Service;

/// <summary>Looks a data folder over.</summary>
internal static class CheckCommand
{
    /// <summary>Looks, and tells each finding as it is made.</summary>
    /// <param name="options">The valid configuration.</param>
    /// <param name="full">Whether to read everything.</param>
    /// <param name="tell">Takes a finding.</param>
    /// <param name="cancellation">Ends the command.</param>
    public static Task RunAsync(EdgeOptions options, bool full, Action<CheckFinding> tell, CancellationToken cancellation) =>
        throw new EdgeException($"{options.DataDirectory}: check is not built into this binary");
}
