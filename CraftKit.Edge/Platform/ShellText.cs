namespace CraftKit.Edge.Platform;

/// <summary>Text to be pasted into a shell.</summary>
internal static class ShellText
{
    /// <summary>The text as one word of a POSIX shell, quoted only where it has to be.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:@%+,".Contains(character, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
