using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using CraftKit.Edge.Bench.EndToEnd.Results;

namespace CraftKit.Edge.Bench.EndToEnd.Servers;

/// <summary>The published programs that are measured.</summary>
/// <param name="Service">The service's binary.</param>
/// <param name="Static">The endpoint that does nothing, native as well.</param>
/// <param name="Usual">The usual way, on the machine's runtime.</param>
internal sealed record PublishedPrograms(string Service, string Static, string Usual)
{
    /// <summary>Publishes what is measured; what has not changed takes seconds.</summary>
    /// <param name="binary">A binary of the service to take instead of publishing it; null for none.</param>
    /// <param name="reuse">Take everything as it was published last.</param>
    /// <exception cref="InvalidOperationException">It could not be published, or was not.</exception>
    public static PublishedPrograms Make(string? binary, bool reuse)
    {
        if (!reuse)
        {
            if (binary is null)
                Publish("CraftKit.Edge", "Service");
            Publish("CraftKit.Edge.Bench/Baselines/Static", "Static");
            Publish("CraftKit.Edge.Bench/Baselines/Usual", "Usual", "--self-contained", "false");
        }

        var programs = new PublishedPrograms(
            Path.GetFullPath(binary ?? Place("Service", "craftkit-edge")), Place("Static", "static-baseline"), Place("Usual", "usual-baseline"));
        foreach (var program in (string[])[programs.Service, programs.Static, programs.Usual])
        {
            if (!File.Exists(program))
                throw new InvalidOperationException($"{program} is not there; run without --reuse.");
        }

        return programs;
    }

    /// <summary>What the service's binary says of itself.</summary>
    public ServiceVersion ServiceVersion()
    {
        using var version = Process.Start(new ProcessStartInfo(Service, ["version", "--json"]) { RedirectStandardOutput = true })!;
        var text = version.StandardOutput.ReadToEnd();
        version.WaitForExit();
        return JsonSerializer.Deserialize<ServiceVersion>(text, JsonSerializerOptions.Web)!;
    }

    private static string Place(string folder, string name) => Path.Combine(Repository.Results, "programs", folder, name);

    private static void Publish(string project, string folder, params string[] options)
    {
        Console.WriteLine($"publishing {project}");
        var output = Path.GetDirectoryName(Place(folder, "x"))!;
        var start = new ProcessStartInfo("dotnet",
            ["publish", Path.Combine(Repository.Root, project), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, .. options, "-o", output, "--nologo", "-v", "quiet"]);
        using var publish = Process.Start(start)!;
        publish.WaitForExit();
        if (publish.ExitCode != 0)
            throw new InvalidOperationException($"{project} could not be published; the output above says why.");
    }
}
