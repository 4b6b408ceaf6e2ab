namespace CraftKit.Edge.Platform;

/// <summary>Whoever read the standard output has gone: the command ends, and nobody is told.</summary>
internal sealed class BrokenPipeException : IOException;
