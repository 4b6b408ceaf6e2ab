namespace CraftKit.Edge.Configuration;

/// <summary>The value that one layer gives to a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Values">One text of the key's type; any number of them for a list.</param>
/// <param name="Origin">Where it was given, as the operator would call it: the file, the variable, the option.</param>
internal sealed record Setting(ConfigurationKey Key, IReadOnlyList<string> Values, string Origin)
{
    /// <summary>Checks the text's type and, for a path, makes it absolute from <paramref name="folder"/>.</summary>
    /// <exception cref="Platform.EdgeException">The text is not of the key's type (exit code 2).</exception>
    public static Setting Of(ConfigurationKey key, string text, string origin, string folder)
    {
        if (key.FindFault(text) is { } fault)
            throw ConfigurationFault.At(origin, key.Name, fault);
        if (key.Kind == ValueKind.FilePath && text.Length != 0)
            text = Path.GetFullPath(text, folder);
        return new Setting(key, [text], origin);
    }
}
