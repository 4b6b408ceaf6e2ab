using CraftKit.Edge.Catalog;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Service;

/// <summary>What the admin plane needs of the service. Every member may be called from several threads at once.</summary>
internal sealed class AdminGateway : IDisposable
{
    private readonly CatalogFollower _follower;
    private readonly KeyUses _keyUses;
    private readonly AccountKeyAuthenticator _authenticator;

    // Apart, so that a look at a page does not wait for a bulk load, or for the lock of a command that imports a million renders.
    private readonly CatalogDesk _reads;
    private readonly CatalogDesk _changes;

    /// <param name="dataDirectory">The folder of <c>catalog.db</c>, which is there.</param>
    /// <param name="follower">Shows changes to the data plane.</param>
    /// <param name="keyUses">When keys were used.</param>
    /// <param name="time">Gives the times that are stored.</param>
    /// <param name="traffic">What long work gives way to; null for nothing.</param>
    public AdminGateway(string dataDirectory, CatalogFollower follower, KeyUses keyUses, TimeProvider time, EventTraffic? traffic = null)
    {
        Traffic = traffic;
        _follower = follower;
        _keyUses = keyUses;
        _authenticator = new AccountKeyAuthenticator(follower.Root);
        _reads = new CatalogDesk("admin reads", dataDirectory, time);
        _changes = new CatalogDesk("admin changes", dataDirectory, time);
    }

    /// <summary>What long work gives way to; null for nothing.</summary>
    public EventTraffic? Traffic { get; }

    /// <summary>Whether a request presents a live account key. Never blocks.</summary>
    /// <param name="authorization">The <c>Authorization</c> header's single value; empty when it is missing or sent twice.</param>
    public bool Authenticate(ReadOnlySpan<char> authorization) => _authenticator.Authenticate(authorization);

    /// <summary>When a key was last used, to the minute; null when it never was.</summary>
    public DateTimeOffset? LastUse(string keyId) => _keyUses.LastUse(keyId);

    /// <summary>Looks something up in the catalog.</summary>
    /// <exception cref="EdgeException">Storage failed.</exception>
    public Task<T> ReadAsync<T>(Func<CatalogStore, T> read, CancellationToken cancellation) => _reads.DoAsync(read, cancellation);

    /// <summary>Changes the catalog, after the changes that came before it. The data plane has it when this returns.</summary>
    /// <exception cref="EdgeException">Storage failed. The change may have been made, or may count only later.</exception>
    public Task<T> ChangeAsync<T>(Func<CatalogStore, T> change, CancellationToken cancellation) => _changes.DoAsync(
        store =>
        {
            var result = change(store);

            // Also when nothing was to be changed: what another process did a moment ago is then what the caller relies on.
            return _follower.Refresh()
                ? result
                : throw new EdgeException($"a change was stored, but cannot be read back yet: {_follower.StaleReason ?? "the service stops"}");
        },
        cancellation);

    public void Dispose()
    {
        _reads.Dispose();
        _changes.Dispose();
    }
}
