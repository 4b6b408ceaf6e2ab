using System.Security.Cryptography;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Service;

/// <summary>Brings a data folder to life: opens the databases, replays the journal, rebuilds the window, starts the threads.</summary>
internal static class ServiceStart
{
    /// <summary>Starts; the folder's lock is held by the caller. The service is whole when this returns, and only then may a port open.</summary>
    /// <exception cref="EdgeException">One line that says what is wrong with the folder.</exception>
    public static EdgeService Run(EdgeOptions options, DataFolder folder, TimeProvider clock, ILoggerFactory loggers)
    {
        var log = loggers.CreateLogger("CraftKit.Edge");
        var opened = new Stack<IDisposable>();
        var keyUses = new KeyUses(clock);
        var events = new EventMeter();
        var traffic = new EventTraffic(() => events.Answered, clock);

        // One that is there is looked at before anything else is touched. A new one has nothing to be refused for, and much to wait for.
        var isNew = !File.Exists(folder.CatalogPath);
        if (!isNew)
            CatalogStore.Open(folder.FolderPath, clock, migrate: true).Dispose();

        // The catalog and the counts know nothing of each other, so they are read at once, and wait for the disk at once.
        var loading = Task.Factory.StartNew(LoadCatalog, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            var isFsync = options.Durability == Durability.Fsync;
            var store = Opened(EventStore.Open(
                folder.EventsPath, isFsync ? SqliteSynchronous.Full : SqliteSynchronous.Normal, SqliteAccess.Migrate, keyUses));
            var refused = new RefusedEvents(Path.Combine(folder.FolderPath, RefusedEvents.FileName));
            // A catalog that is refused is refused before anything is taken out of the journal.
            var catalog = loading.GetAwaiter().GetResult();
            var boot = store.BootNumber(BootTimeProvider.BootId);
            var journal = Opened(JournalOpening.Replay(options, folder, store, refused, clock, log, out var replay));

            var maxKeys = options.Dedupe.KeyLimit;
            var window = new DedupeWindow(clock, options.Dedupe.Window, maxKeys);
            var restored = new WindowRestorer(store, window, options.Dedupe.Window, clock, boot).Restore();
            if (restored > 0)
                log.LogInformation("{Count} keys are in the dedupe window again", restored);

            var signal = Opened(new CommitSignal());
            var writer = new EventWriter(
                store, journal, refused, signal, new EventWriterOptions(isFsync, options.Journal.FlushInterval, boot), clock, loggers.CreateLogger<EventWriter>());
            writer.Start();
            var admin = new AdminGateway(folder.FolderPath, catalog, keyUses, clock, traffic);
            return new EdgeService(new ServiceParts
            {
                Clock = clock,
                WaitForCommit = isFsync,
                Catalog = catalog,
                Authenticator = new ApiKeyAuthenticator(catalog.Root, KeyMac.CreateRandom()),
                Admin = admin,
                Events = events,
                Window = window,
                MaxKeys = maxKeys,
                Sweeper = new WindowSweeper(window),
                Signal = signal,
                Readers = new EventReaderPool(folder.EventsPath),
                Refused = refused,
                Writer = writer,
                Store = store,
                Journal = journal,
                Replay = replay,
            });
        }
        catch
        {
            while (opened.TryPop(out var part))
                part.Dispose();

            // Nothing may go on opening files behind the back of who was told that the start failed.
            if (loading.ContinueWith(static loaded => loaded.IsCompletedSuccessfully, TaskScheduler.Default).Result)
                loading.Result.Dispose();
            throw;
        }

        CatalogFollower LoadCatalog()
        {
            if (isNew)
                CatalogStore.Open(folder.FolderPath, clock, migrate: true).Dispose();
            var catalog = new CatalogFollower(folder.FolderPath, clock, RandomSeed(), loggers.CreateLogger<CatalogFollower>(), keyUses, traffic);
            try
            {
                catalog.Start();
                return catalog;
            }
            catch
            {
                catalog.Dispose();
                throw;
            }
        }

        static ulong RandomSeed() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

        T Opened<T>(T part)
            where T : IDisposable
        {
            opened.Push(part);
            return part;
        }
    }
}
