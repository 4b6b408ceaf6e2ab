namespace CraftKit.Edge.Service;

/// <summary>One line of what <c>check</c> found.</summary>
/// <param name="Subject">The file or part that was looked at: <c>events.db</c>.</param>
/// <param name="IsFault">Whether it is wrong, so that the command fails.</param>
/// <param name="Text">What was found, in one line.</param>
internal sealed record CheckFinding(string Subject, bool IsFault, string Text);
