using System.Globalization;
using System.Text;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Service;
using Microsoft.Extensions.Logging.Abstractions;

namespace CraftKit.Edge.Bench.EndToEnd.Servers;

/// <summary>A service's folder with many renders or live events in it, made by the service's own code without HTTP and kept for later runs. Whoever
/// serves it must add nothing.</summary>
/// <param name="FolderPath">The folder, as <see cref="ServiceServer"/> takes it.</param>
/// <param name="Key">The plain API key.</param>
internal sealed record PreparedFolder(string FolderPath, string Key)
{
    // The window is a day; what is older than this is made anew, so that all keys stay live while they are measured.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(20);

    private static string KeyFile(string folder) => Path.Combine(folder, "key");

    /// <summary>The folder, which is made if it is not there or too old: 10 million events take a minute and 2 GB.</summary>
    /// <param name="renders">Renders in the catalog.</param>
    /// <param name="events">The events 0 to this - 1 of <see cref="EventKeys"/> are stored and live.</param>
    public static PreparedFolder Of(int renders, int events)
    {
        var folder = Path.Combine(Repository.Results, "folders", string.Create(CultureInfo.InvariantCulture, $"{renders}-renders-{events}-events"));
        var file = KeyFile(folder);
        if (File.Exists(file) && DateTime.UtcNow - File.GetLastWriteTimeUtc(file) < Lifetime)
            return new PreparedFolder(folder, File.ReadAllText(file));
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Console.WriteLine($"making a folder with {renders:N0} renders and {events:N0} events");
        var key = Make(Path.Combine(folder, "data"), renders, events);

        // Last, so that what was not finished is never taken.
        File.WriteAllText(file, key);
        return new PreparedFolder(folder, key);
    }

    private static string Make(string path, int renders, int events)
    {
        var options = new EdgeOptions { Dedupe = new DedupeSection { Window = ServiceServer.Window } };
        var clock = new BootTimeProvider();
        var folder = DataFolder.Open(path);
        var key = FillCatalog(folder, clock, renders);
        var service = ServiceStart.Run(options, folder, clock, NullLoggerFactory.Instance);
        if (service.Authenticate("Bearer " + key, out var project) != AuthenticationStatus.Granted)
            throw new InvalidOperationException("The new key is not granted.");
        var ids = Enumerable.Range(0, EventKeys.Renders).Select(render => Encoding.ASCII.GetBytes(EventKeys.RenderId(render))).ToArray();
        for (var number = 0; number < events; number++)
            Record(service, project!, ids[EventKeys.RenderOf(number)], number);
        return service.Stop(TimeSpan.FromMinutes(1)) ? key : throw new InvalidOperationException("The writer did not drain its journal within a minute.");
    }

    private static string FillCatalog(DataFolder folder, TimeProvider clock, int renders)
    {
        using var catalog = CatalogStore.Open(folder.FolderPath, clock, migrate: true);
        _ = catalog.Projects.Add("Bench", ServiceServer.ProjectId).Value;
        using var lines = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', ServiceServer.RenderLines(renders))));
        catalog.Renders.Import(lines);
        return catalog.Keys.Create(ServiceServer.ProjectId).Value.Plaintext;
    }

    private static void Record(EdgeService service, object project, byte[] render, int number)
    {
        var address = ClientAddress.FromIPv4(BitConverter.ToUInt32([.. EventKeys.AddressOf(number).Split('.').Reverse().Select(part => byte.Parse(part, CultureInfo.InvariantCulture))]));
        while (true)
        {
            switch (service.Record(project, render, EventType.Viewed, address, true, "partner-backend/1.4"u8, """{"source":"dashboard","page":3}"""u8, out _))
            {
                case RecordStatus.Recorded:
                    return;
                case RecordStatus.Unavailable:
                    Thread.Sleep(1); // the journal is full: the writer needs a moment
                    break;
                case var other:
                    throw new InvalidOperationException($"Event {number} was answered with {other}.");
            }
        }
    }
}
