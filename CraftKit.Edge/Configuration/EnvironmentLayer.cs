using System.Globalization;

namespace CraftKit.Edge.Configuration;

/// <summary>Reads the variables <c>CRAFTKIT_EDGE__SECTION__KEY</c>. Their case does not count. A list is one variable with commas
/// between its elements, or one variable an element with its index as the last part: <c>CRAFTKIT_EDGE__TRUSTEDPROXIES__0</c>.</summary>
internal static class EnvironmentLayer
{
    /// <summary>What every variable of ours begins with; <c>__</c> stands where the key has a dot.</summary>
    public const string Prefix = "CRAFTKIT_EDGE__";

    /// <summary>Reads what begins with <see cref="Prefix"/> and passes over everything else.</summary>
    /// <param name="variables">The process's environment.</param>
    /// <param name="folder">The working folder, which relative paths start from.</param>
    /// <exception cref="Platform.EdgeException">A variable names no key, names one that another variable also names, or has a value of
    /// another type (exit code 2).</exception>
    public static IReadOnlyList<Setting> Read(IEnumerable<KeyValuePair<string, string>> variables, string folder)
    {
        var settings = new Dictionary<ConfigurationKey, Setting>();
        var elements = new Dictionary<ConfigurationKey, SortedList<int, string>>();
        foreach (var (variable, text) in variables
            .Where(pair => pair.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            // A dot in the variable itself would pass for nesting; no key has one of its own.
            var name = variable[Prefix.Length..].Replace('.', '?').Replace("__", ".", StringComparison.Ordinal);
            if (ConfigurationKeys.Find(name, StringComparison.OrdinalIgnoreCase) is { } key)
            {
                var setting = key.Kind == ValueKind.TextList
                    ? new Setting(key, text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), variable)
                    : Setting.Of(key, text, variable, folder);
                if (!settings.TryAdd(key, setting))
                    throw ConfigurationFault.At(variable, key.Name, $"also given by {settings[key].Origin}");
            }
            else if (FindElement(name, out var index) is { } list)
            {
                if (!elements.TryGetValue(list, out var values))
                    elements.Add(list, values = []);
                if (!values.TryAdd(index, text))
                    throw ConfigurationFault.At(variable, list.Name, "given twice");
            }
            else
            {
                throw ConfigurationFault.At(variable, "unknown variable; docs/API.md lists the keys");
            }
        }

        foreach (var (list, values) in elements)
        {
            var origin = $"{Prefix}{list.Name.ToUpperInvariant()}__0";
            if (!settings.TryAdd(list, new Setting(list, [.. values.Values], origin)))
                throw ConfigurationFault.At(origin, list.Name, $"also given by {settings[list].Origin}");
        }

        return [.. settings.Values];
    }

    private static ConfigurationKey? FindElement(string name, out int index)
    {
        index = 0;
        var dot = name.LastIndexOf('.');
        return dot > 0
            && int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out index)
            && ConfigurationKeys.Find(name[..dot], StringComparison.OrdinalIgnoreCase) is { Kind: ValueKind.TextList } key
                ? key
                : null;
    }
}
