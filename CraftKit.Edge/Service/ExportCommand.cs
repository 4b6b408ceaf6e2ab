using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Service;

/// <summary>Reads the stored events of a data folder, oldest first.</summary>
internal static class ExportCommand
{
    /// <summary>Gives every stored event that <paramref name="export"/> asks for to <paramref name="take"/>, in the order of
    /// recording.</summary>
    /// <param name="options">The valid configuration.</param>
    /// <param name="export">Which events.</param>
    /// <param name="take">Writes an event.</param>
    /// <param name="cancellation">Ends the command.</param>
    public static Task RunAsync(EdgeOptions options, ExportOptions export, Action<ExportedEvent> take, CancellationToken cancellation) =>
        throw new EdgeException($"{options.DataDirectory}: events export is not built into this binary");
}
