using System.Text.Json;
using System.Text.Json.Serialization;
using CraftKit.Edge.Bench.Report;

namespace CraftKit.Edge.Bench.EndToEnd.Results;

/// <summary>Results on disk, from which the page of benchmarks is made: one file a scenario and one a benchmark, of its last run.</summary>
internal static class ResultFile
{
    private static readonly string ScenarioFolder = Path.Combine(Repository.Results, "results");
    private static readonly string MicroFolder = Path.Combine(ScenarioFolder, "micro");

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes a result over the one before.</summary>
    public static void Write(ScenarioResult result) => Write(ScenarioFolder, result.Name, result);

    /// <inheritdoc cref="Write(ScenarioResult)"/>
    public static void Write(MicroResult result) => Write(MicroFolder, result.Name, result);

    /// <summary>Reads what there is.</summary>
    public static MeasuredResults ReadAll() => new(
        Read<ScenarioResult>(ScenarioFolder).ToDictionary(result => result.Name),
        Read<MicroResult>(MicroFolder).ToDictionary(result => result.Name));

    /// <summary>A result as it stands in its file.</summary>
    public static string ToText<T>(T result) => JsonSerializer.Serialize(result, Options);

    /// <summary>A result from the text of its file.</summary>
    public static T FromText<T>(string text) => JsonSerializer.Deserialize<T>(text, Options)!;

    private static void Write<T>(string folder, string name, T result) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder).FullName, $"{name}.json"), ToText(result));

    private static IEnumerable<T> Read<T>(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json").Select(path => FromText<T>(File.ReadAllText(path))) : [];
}
