using System.Reflection;

namespace CraftKit.Edge.Platform;

/// <summary>What the build wrote into this program about itself.</summary>
/// <param name="Number">The version, such as <c>1.2.3</c>.</param>
/// <param name="Commit">The commit that it was built from; <c>unknown</c> outside a repository.</param>
internal sealed record ProgramVersion(string Number, string Commit)
{
    /// <summary>This program's.</summary>
    public static ProgramVersion Current { get; } = Read();

    private static ProgramVersion Read()
    {
        // The SDK writes "1.2.3+commit".
        var text = typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? new ProgramVersion(text, "unknown") : new ProgramVersion(text[..plus], text[(plus + 1)..]);
    }
}
