namespace CraftKit.Edge.Http.Admin;

/// <summary>What a body says about its one member.</summary>
/// <param name="Refusal">The answer to a faulty body; null when it fits.</param>
/// <param name="IsPresent">Whether the member is there, be it null.</param>
/// <param name="Text">Its text; null when it is absent or null.</param>
internal readonly record struct TextInput(ApiAnswer? Refusal, bool IsPresent, string? Text);
