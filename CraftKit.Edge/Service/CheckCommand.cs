using CraftKit.Edge.Catalog;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Service;

/// <summary>Looks a data folder over.</summary>
internal static class CheckCommand
{
    /// <summary>Looks, and tells each finding as it is made.</summary>
    /// <param name="options">The valid configuration.</param>
    /// <param name="full">Whether to read everything.</param>
    /// <param name="tell">Takes a finding.</param>
    /// <param name="cancellation">Ends the command.</param>
    /// <exception cref="EdgeException">There is no such data folder.</exception>
    public static Task RunAsync(EdgeOptions options, bool full, Action<CheckFinding> tell, CancellationToken cancellation)
    {
        var clock = new BootTimeProvider();
        var folder = DataFolder.OpenExisting(options.DataDirectory);
        // Nobody may begin to serve between the look at the databases and the one at the journal. Beside a serving process, whose lock it
        // is then, the look is taken in steps too short to hold it up.
        using var held = ProcessLock.TryTakeForCommand(folder, clock, ProcessLock.Patience, cancellation);
        var scope = new CheckScope(full, IsServed: held is null, clock, cancellation);
        tell(new CheckFinding("data folder", IsFault: false, scope.IsServed ? $"{folder.FolderPath}, being served" : $"{folder.FolderPath}, nobody serves it"));
        Look("catalog.db", folder.CatalogPath, CatalogSchema.Schema, DatabaseCheck.Catalog);
        Look("events.db", folder.EventsPath, EventSchema.Schema, DatabaseCheck.Events);
        JournalCheck.Run(options, folder, scope, tell);
        return Task.CompletedTask;

        void Look(string subject, string path, SqliteSchema schema, Action<SqliteFile, CheckScope, Action<string, bool>> look)
        {
            if (!File.Exists(path))
            {
                tell(new CheckFinding(subject, IsFault: false, "not there yet; it is created when it is first needed"));
                return;
            }
            try
            {
                using var file = SqliteFile.Open(path, schema, SqliteAccess.ReadOnly, SqliteSynchronous.Normal);
                var version = file.SchemaVersion < schema.Version ? $"schema {file.SchemaVersion}, serve will migrate it to {schema.Version}" : $"schema {file.SchemaVersion}";
                tell(new CheckFinding(subject, IsFault: false, version));
                look(file, scope, (text, isFault) => tell(new CheckFinding(subject, isFault, text)));
            }
            catch (EdgeException fault)
            {
                tell(new CheckFinding(subject, IsFault: true, fault.Message));
            }
        }
    }
}
