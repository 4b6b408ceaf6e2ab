namespace CraftKit.Edge.Platform;

/// <summary>A failure that the operator must hear about: its message is one line that says what failed, on what, and what to do.</summary>
/// <param name="message">The line.</param>
/// <param name="exitCode">The exit code of the process: 1 failed, 2 wrong usage or configuration.</param>
/// <param name="inner">The cause, if there is one.</param>
internal sealed class EdgeException(string message, int exitCode = 1, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The exit code of the process that ends with this failure.</summary>
    public int ExitCode { get; } = exitCode;
}
