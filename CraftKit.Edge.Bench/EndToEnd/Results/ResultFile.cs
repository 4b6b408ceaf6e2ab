using System.Text.Json;
using System.Text.Json.Serialization;

namespace CraftKit.Edge.Bench.EndToEnd.Results;

/// <summary>Results on disk: one file a scenario, the last run of it.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    /// <summary>Writes a result over the one before.</summary>
    public static void Write(ScenarioResult result)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Results, "results")).FullName;
        File.WriteAllText(Path.Combine(folder, $"{result.Name}.json"), JsonSerializer.Serialize(result, Options));
    }
}
