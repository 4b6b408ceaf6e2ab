using System.Runtime.InteropServices;

namespace CraftKit.Edge.Bench.EndToEnd.Results;

/// <summary>The machine in a line.</summary>
internal static class MachineDescription
{
    /// <summary>Processor, memory, system.</summary>
    public static string OfThisMachine()
    {
        var processor = Value("/proc/cpuinfo", "model name", ':') ?? $"{RuntimeInformation.ProcessArchitecture}";
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        var system = Value("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? RuntimeInformation.OSDescription;
        return $"{processor}, {Environment.ProcessorCount} processors, {memory:0} GiB, {system}, Linux {Environment.OSVersion.Version}";
    }

    private static string? Value(string path, string name, char separator) =>
        File.ReadLines(path).Select(line => line.Split(separator, 2)).FirstOrDefault(parts => parts.Length == 2 && parts[0].Trim() == name)?[1].Trim();
}
