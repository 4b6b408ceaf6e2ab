using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Service;

/// <summary>Reads the stored events of a data folder, oldest first.</summary>
internal static class ExportCommand
{
    /// <summary>Gives every stored event that <paramref name="export"/> asks for to <paramref name="take"/>, in the order of
    /// recording. Beside a serving process it reads page by page and holds nothing up; when none is running, what a crash left in the journal is
    /// drained first.</summary>
    /// <param name="options">The valid configuration.</param>
    /// <param name="export">Which events.</param>
    /// <param name="take">Writes an event.</param>
    /// <param name="cancellation">Ends the command.</param>
    /// <exception cref="EdgeException">There is no such data folder, or storage failed.</exception>
    public static Task RunAsync(EdgeOptions options, ExportOptions export, Action<ExportedEvent> take, CancellationToken cancellation)
    {
        var folder = DataFolder.OpenExisting(options.DataDirectory);
        JournalOpening.DrainUnlessServed(options, folder, cancellation);
        if (!File.Exists(folder.EventsPath))
            return Task.CompletedTask;

        using var reader = EventReader.Open(folder.EventsPath);
        var filter = new EventFilter(export.ProjectId, export.RenderId, export.Since, export.Until);
        var page = new List<ExportedEvent>();
        var sequence = 0L;
        bool more;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            more = reader.ReadPage(ref sequence, page, filter, TimeProvider.System);
            foreach (var exported in page)
                take(exported);
        }
        while (more);
        return Task.CompletedTask;
    }
}
