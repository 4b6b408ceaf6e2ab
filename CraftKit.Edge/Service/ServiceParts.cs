using CraftKit.Edge.Catalog;
using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Service;

/// <summary>Everything that a serving process has open, in the order in which it is closed.</summary>
internal sealed class ServiceParts : IDisposable
{
    public required TimeProvider Clock { get; init; }

    public required bool WaitForCommit { get; init; }

    public required CatalogFollower Catalog { get; init; }

    public required ApiKeyAuthenticator Authenticator { get; init; }

    public required AdminGateway Admin { get; init; }

    public required DedupeWindow Window { get; init; }

    /// <summary>The most keys that the window takes.</summary>
    public required long MaxKeys { get; init; }

    public required WindowSweeper Sweeper { get; init; }

    /// <summary>Counts the events.</summary>
    public EventMeter Events { get; init; } = new();

    public required CommitSignal Signal { get; init; }

    public required EventReaderPool Readers { get; init; }

    public required RefusedEvents Refused { get; init; }

    public required EventWriter Writer { get; init; }

    public required EventStore Store { get; init; }

    public required JournalFile Journal { get; init; }

    /// <summary>What the start found in the journal.</summary>
    public required ReplayReport Replay { get; init; }

    public void Dispose()
    {
        Admin.Dispose();
        Sweeper.Dispose();
        Catalog.Dispose();
        Readers.Dispose();
        Store.Dispose();
        Journal.Dispose();
        Signal.Dispose();
    }
}
