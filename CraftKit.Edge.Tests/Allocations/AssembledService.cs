using CraftKit.Edge.Catalog;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Service;
using CraftKit.Edge.Storage;
using CraftKit.Edge.Tests.Platform;
using Microsoft.Extensions.Logging.Abstractions;

namespace CraftKit.Edge.Tests.Allocations;

/// <summary>The service with all its threads over real files, as <see cref="ServiceStart"/> puts it together, except that its window is one shard
/// that need not grow below 100,000 keys.</summary>
internal sealed class AssembledService : IDisposable
{
    public const string RenderId = "01980000-0000-7000-8000-000000000001";
    private const string ProjectId = "01980000-0000-7000-9000-000000000001";

    private readonly TemporaryFolder _temporary = new();

    public AssembledService()
    {
        var folder = DataFolder.Open(_temporary["data"]);
        var clock = new BootTimeProvider();
        var options = new EdgeOptions();
        using (var store = CatalogStore.Open(folder.FolderPath, clock, migrate: true))
        {
            _ = store.Projects.Add("Allocations", ProjectId).Value;
            Authorization = "Bearer " + store.Keys.Create(ProjectId).Value.Plaintext;
            _ = store.Renders.Add(RenderId, ProjectId, ShareChange.Set("01980000-0000-7000-a000-000000000001")).Value;
        }

        var catalog = new CatalogFollower(folder.FolderPath, clock, seed: 1, NullLogger.Instance);
        catalog.Start();
        var events = EventStore.Open(folder.EventsPath, SqliteSynchronous.Normal, SqliteAccess.Migrate);
        var refused = new RefusedEvents(Path.Combine(folder.FolderPath, RefusedEvents.FileName));
        var boot = events.BootNumber(BootTimeProvider.BootId);
        var journal = JournalOpening.Replay(options, folder, events, refused, clock, NullLogger.Instance, out var replay);
        var window = new DedupeWindow(clock, DedupeWindow.MaxWindow, 1_000_000, new WindowShape(Number: 1, MinimumCapacity: 1 << 17, Patience: 100));
        var signal = new CommitSignal();
        var writer = new EventWriter(
            events, journal, refused, signal, new EventWriterOptions(false, options.Journal.FlushInterval, boot), clock, NullLogger.Instance);
        writer.Start();
        Service = new EdgeService(new ServiceParts
        {
            Clock = clock,
            WaitForCommit = false,
            Catalog = catalog,
            Authenticator = new ApiKeyAuthenticator(catalog.Root, KeyMac.CreateRandom()),
            Admin = new AdminGateway(folder.FolderPath, catalog, new KeyUses(clock), clock),
            Window = window,
            MaxKeys = 1_000_000,
            Sweeper = new WindowSweeper(window),
            Signal = signal,
            Readers = new EventReaderPool(folder.EventsPath),
            Refused = refused,
            Writer = writer,
            Store = events,
            Journal = journal,
            Replay = replay,
        });
    }

    public EdgeService Service { get; }

    /// <summary>A header with the project's key.</summary>
    public string Authorization { get; }

    public void Dispose()
    {
        if (!Service.Stop(TimeSpan.FromSeconds(30)))
            throw new TimeoutException("The journal was not drained in 30 s.");
        _temporary.Dispose();
    }
}
