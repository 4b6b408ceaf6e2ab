using CraftKit.Edge.Catalog;
using CraftKit.Edge.Service;
using CraftKit.Edge.Storage;
using CraftKit.Edge.Tests.Platform;
using Microsoft.Extensions.Logging.Abstractions;

namespace CraftKit.Edge.Tests.Http;

/// <summary>A catalog with nothing in it, followed, and what the admin plane needs of it.</summary>
internal sealed class EmptyCatalog : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CatalogFollower _follower;

    public EmptyCatalog()
    {
        var uses = new KeyUses(TimeProvider.System);
        CatalogStore.Open(_folder.FolderPath, TimeProvider.System).Dispose();
        _follower = new CatalogFollower(_folder.FolderPath, TimeProvider.System, 1, NullLogger.Instance, uses);
        _follower.Start();
        Admin = new AdminGateway(_folder.FolderPath, _follower, uses, TimeProvider.System);
    }

    public AdminGateway Admin { get; }

    public void Dispose()
    {
        Admin.Dispose();
        _follower.Dispose();
        _folder.Dispose();
    }
}
