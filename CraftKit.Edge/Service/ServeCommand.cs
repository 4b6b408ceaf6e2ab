using CraftKit.Edge.Catalog;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Http;
using CraftKit.Edge.Platform;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Service;

/// <summary>Serves a data folder until it is told to stop.</summary>
internal static class ServeCommand
{
    /// <summary>What a stop may take in all: answering what is in flight, then draining.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    /// <summary>The part of it that requests in flight get.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>Serves.</summary>
    /// <param name="options">The valid configuration.</param>
    /// <param name="demo">Whether to make a project, key and render first and to print a curl line.</param>
    /// <param name="output">Takes the banner and the line.</param>
    /// <param name="stop">Asks for an orderly stop.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="EdgeException">The service cannot start.</exception>
    public static async Task<int> RunAsync(EdgeOptions options, bool demo, TextWriter output, CancellationToken stop)
    {
        var clock = new BootTimeProvider();
        using var loggers = Logging.Create(options.Log);
        var log = loggers.CreateLogger("CraftKit.Edge");
        var folder = DataFolder.Open(options.DataDirectory);
        using var serving = TakeFolder(folder, clock, stop);
        if (serving is null)
            return 0;
        var example = demo ? Demo.Provision(folder, clock) : null;
        var service = ServiceStart.Run(options, folder, clock, loggers);
        try
        {
            if (!TrustedProxies.TryParse(options.TrustedProxies, out var proxies, out var reason))
                throw new EdgeException($"trustedProxies: {reason}", ConfigurationFault.ExitCode);
            await using var server = new EdgeServer(
                new EdgeServerOptions
                {
                    Url = options.Url,
                    AdminUrl = options.AdminUrl,
                    Tls = options.Tls,
                    Transport = options.Transport,
                    TransportThreads = options.TransportThreads,
                    MaxBodyBytes = options.MaxBodyBytes,
                    MaxBulkBodyBytes = options.Bulk.MaxBodyBytes,
                    TrustedProxies = proxies,
                },
                service,
                loggers,
                clock);
            var addresses = await server.StartAsync(stop).ConfigureAwait(false);
            Announce(log, output, new StartBanner(addresses, folder.FolderPath, Count(folder, clock, service.Renders)), example);
            var systemd = new SystemdNotifier();
            systemd.Notify(ServiceState.Ready);

            await UntilAsync(stop).ConfigureAwait(false);
            log.LogInformation("stopping");
            systemd.Notify(ServiceState.Stopping);
            var start = clock.GetTimestamp();
            service.BeginStop();
            await server.StopAsync(AnswerWithin).ConfigureAwait(false);
            var left = StopWithin - clock.GetElapsedTime(start);
            if (service.Stop(left > TimeSpan.Zero ? left : TimeSpan.Zero))
                log.LogInformation("stopped, everything is stored");
            else
                log.LogWarning("stopped; what could not be drained stays in the journal for the next start");
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            service.Stop(StopWithin);
            return 0;
        }
        catch
        {
            service.Stop(StopWithin);
            throw;
        }
    }

    /// <summary>Takes the folder's lock; null when the stop came while a command still had it.</summary>
    private static ProcessLock? TakeFolder(DataFolder folder, TimeProvider clock, CancellationToken stop)
    {
        try
        {
            return ProcessLock.TakeToServe(folder, clock, ProcessLock.Patience, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private static CatalogCounts Count(DataFolder folder, TimeProvider clock, int renders)
    {
        using var catalog = CatalogStore.Open(folder.FolderPath, clock);
        return catalog.Count(renders);
    }

    /// <summary>A person at a terminal gets a banner; a log that somebody keeps, lines.</summary>
    private static void Announce(ILogger log, TextWriter output, StartBanner banner, Demo.Example? example)
    {
        if (!StandardStream.IsOutputTerminal || !StandardStream.IsErrorTerminal)
            Log(log, banner);
        try
        {
            if (StandardStream.IsOutputTerminal)
                banner.Write(output, TerminalStyle.OfOutput());
            if (example is not null)
                output.Write($"A demo project, key and render are ready. Record an event with:\n\n{example.CurlLine(banner.Addresses[0])}\n\n");
            output.Flush();
        }
        catch (Exception failure) when (failure is BrokenPipeException or EdgeException)
        {
            // The service does not depend on who watches its start.
            log.LogWarning("what there is to say at the start cannot be shown: {Failure}", failure.Message);
        }
    }

    private static void Log(ILogger log, StartBanner banner)
    {
        log.LogInformation("events on {Url}, data in {Folder}", banner.Addresses[0], banner.DataFolder);
        if (banner.Addresses.Count > 1)
            log.LogInformation("admin plane on {Url}", banner.Addresses[1]);
        log.LogInformation("{Known} known", banner.Known);
        if (banner.Next is { } next)
            log.LogInformation("{Next}", next);
    }

    private static async Task UntilAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        await stopped.Task.ConfigureAwait(false);
    }
}
