using Microsoft.Extensions.Configuration;

namespace CraftKit.Edge.Configuration;

/// <summary>Makes the options of a process: reads the layers, lays them over each other, binds, validates.</summary>
/// <remarks>Keys and types are checked while the layers are read, since only there it is known where a value came from; the binder then
/// meets nothing that it could refuse. A list is replaced by the next layer, not appended to.</remarks>
internal static class EdgeOptionsLoader
{
    /// <summary>Loads and validates.</summary>
    /// <exception cref="Platform.EdgeException">One line that names where, which key and what is wrong (exit code 2).</exception>
    public static EdgeOptions Load(ConfigurationSources sources)
    {
        var settings = new Dictionary<string, Setting>(StringComparer.Ordinal);
        foreach (var setting in ReadLayers(sources))
            settings[setting.Key.Name] = setting;
        var options = Bind(settings.Values);
        var faults = FindFaults(options)
            .Select(fault => $"{Origin(settings, fault.Key)}{fault.Key}: {fault.Problem}")
            .ToList();
        if (faults.Count != 0)
            throw new Platform.EdgeException(string.Join("; ", faults), ConfigurationFault.ExitCode);
        options.DataDirectory = Path.GetFullPath(options.DataDirectory, sources.WorkingFolder);
        return options;
    }

    /// <summary>Everything wrong with the options, by key; nothing when they are valid.</summary>
    public static IEnumerable<(string Key, string Problem)> FindFaults(EdgeOptions options)
    {
        var ranges = new EdgeOptionsValidator().Validate(name: null, options);
        foreach (var failure in ranges.Failures ?? [])
        {
            var colon = failure.IndexOf(": ", StringComparison.Ordinal);
            yield return (failure[..colon], failure[(colon + 2)..]);
        }

        // A rule may rest on values that are themselves out of range; the first cause is enough.
        if (ranges.Failed)
            yield break;
        foreach (var fault in EdgeOptionsRules.FindFaults(options))
            yield return fault;
    }

    private static IEnumerable<Setting> ReadLayers(ConfigurationSources sources)
    {
        var path = Path.GetFullPath(sources.ConfigFile ?? ConfigurationSources.DefaultFile, sources.WorkingFolder);
        if (sources.ConfigFile is not null || File.Exists(path))
        {
            foreach (var setting in JsonLayer.Read(path, sources.ConfigFile ?? ConfigurationSources.DefaultFile))
                yield return setting;
        }

        foreach (var setting in EnvironmentLayer.Read(sources.Environment, sources.WorkingFolder))
            yield return setting;
        foreach (var (option, name, value) in sources.CommandLine)
        {
            var key = ConfigurationKeys.Find(name) ?? throw new ArgumentException($"{name} is no key", nameof(sources));
            yield return Setting.Of(key, value, option, sources.WorkingFolder);
        }
    }

    private static EdgeOptions Bind(IEnumerable<Setting> settings)
    {
        var pairs = new Dictionary<string, string?>();
        foreach (var setting in settings)
        {
            var name = setting.Key.Name.Replace('.', ':');
            if (setting.Key.Kind != ValueKind.TextList)
            {
                pairs.Add(name, setting.Values[0]);
                continue;
            }

            for (var i = 0; i < setting.Values.Count; i++)
                pairs.Add($"{name}:{i}", setting.Values[i]);
        }

        var options = new EdgeOptions();
        new ConfigurationBuilder().AddInMemoryCollection(pairs).Build().Bind(options);
        return options;
    }

    // A rule over two keys is told at the one it names, which may have its default: then nobody gave it.
    private static string Origin(Dictionary<string, Setting> settings, string key) =>
        settings.TryGetValue(key, out var setting) ? setting.Origin + ": " : "";
}
