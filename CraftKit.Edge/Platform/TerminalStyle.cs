namespace CraftKit.Edge.Platform;

/// <summary>Colours for who reads on a terminal, and nothing for everybody else.</summary>
/// <param name="IsColoured">Whether there are colours.</param>
internal sealed record TerminalStyle(bool IsColoured)
{
    /// <summary>What suits this process's standard output: colours on a terminal, unless <c>NO_COLOR</c> is set (no-color.org) or the
    /// terminal has none.</summary>
    public static TerminalStyle OfOutput() => new(StandardStream.IsOutputTerminal && Allows(Environment.GetEnvironmentVariable));

    /// <summary>Whether the environment lets a terminal be coloured.</summary>
    /// <param name="variable">Reads a variable; null when it is not set.</param>
    public static bool Allows(Func<string, string?> variable) =>
        string.IsNullOrEmpty(variable("NO_COLOR")) && variable("TERM") is not (null or "" or "dumb");

    /// <summary>A heading.</summary>
    public string Bold(string text) => Wrap(text, "1");

    /// <summary>What can be typed.</summary>
    public string Cyan(string text) => Wrap(text, "36");

    /// <summary>What can be passed over.</summary>
    public string Dim(string text) => Wrap(text, "2");

    private string Wrap(string text, string code) => IsColoured && text.Length != 0 ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
