using System.Text;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Http;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Service;
using Microsoft.Extensions.Logging.Abstractions;

namespace CraftKit.Edge.Bench.Service;

/// <summary>The whole service over a new data folder on the working folder's disk, with one project, one key and <see cref="Renders"/> shared
/// renders, in the default configuration; its threads run as in production.</summary>
internal sealed class ServedFolder : IDisposable
{
    /// <summary>Renders 0 to this - 1 are in the catalog.</summary>
    public const int Renders = 4096;

    private const string ProjectId = "01980000-0000-7000-9000-000000000001";
    private static readonly EdgeOptions Options = new();

    private readonly BenchFolder _folder = new();

    public ServedFolder()
    {
        var folder = DataFolder.Open(_folder["data"]);
        var clock = new BootTimeProvider();
        using (var catalog = CatalogStore.Open(folder.FolderPath, clock, migrate: true))
        {
            _ = catalog.Projects.Add("Bench", ProjectId).Value;
            Authorization = "Bearer " + catalog.Keys.Create(ProjectId).Value.Plaintext;
            var lines = Enumerable.Range(0, Renders).Select(render =>
                $$"""{"id":"{{RenderId(render)}}","projectId":"{{ProjectId}}","shareId":"01980000-0000-7000-b000-{{render:x12}}"}""");
            using var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
            catalog.Renders.Import(file);
        }

        Service = ServiceStart.Run(Options, folder, clock, NullLoggerFactory.Instance);
        Endpoint = new EventsEndpoint(Service, TrustedProxies.None, Options.MaxBodyBytes, NullLogger.Instance);
    }

    public EdgeService Service { get; }

    public EventsEndpoint Endpoint { get; }

    /// <summary>A header with the key.</summary>
    public string Authorization { get; }

    /// <summary>The id of a render by its number.</summary>
    public static string RenderId(int render) => $"{SampleEvents.RenderIds}{render:x12}";

    public void Dispose()
    {
        if (!Service.Stop(TimeSpan.FromMinutes(1)))
            throw new InvalidOperationException("The writer did not drain its journal within a minute.");
        _folder.Dispose();
    }
}
