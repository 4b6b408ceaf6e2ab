namespace CraftKit.Edge.Http;

/// <summary>The faults of a body in the words of Zod 3's <c>flatten()</c>.</summary>
/// <param name="Form">The fault of the value as a whole; null when it is an object.</param>
/// <param name="Fields">The faults of its fields in the order of the schema; those of one field stand together.</param>
internal sealed record BodyIssues(string? Form, IReadOnlyList<(string Field, string Fault)> Fields)
{
    /// <summary>A value that is not even an object.</summary>
    public BodyIssues(string form)
        : this(form, [])
    {
    }
}
