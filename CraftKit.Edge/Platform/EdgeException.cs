namespace CraftKit.Edge.Platform;

/// <summary>A failure that the operator must hear about: one line that says what failed, on what, and what to do.</summary>
/// <param name="message">The line, without a line break.</param>
/// <param name="exitCode">What a command that dies of it returns: 1 failed, 2 wrong usage or configuration.</param>
/// <param name="inner">What was caught below, if anything.</param>
internal sealed class EdgeException(string message, int exitCode = 1, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
