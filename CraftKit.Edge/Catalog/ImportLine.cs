using System.Text.Json;
using CraftKit.Edge.Json;

namespace CraftKit.Edge.Catalog;

/// <summary>One line of an import.</summary>
internal sealed class ImportLine
{
    private static readonly string[] NoJson = ["not valid JSON"];

    private readonly ImportField _id = new("id");
    private readonly ImportField _project = new("projectId");
    private readonly ImportField _share = new("shareId");

    public ReadOnlySpan<byte> Id => _id.Value;

    /// <summary>The project that the line names; empty when it needs none.</summary>
    public ReadOnlySpan<byte> ProjectId => _project.Value;

    /// <summary>The share; empty for none.</summary>
    public ReadOnlySpan<byte> ShareId => _share.Value;

    /// <summary>Whether the line has a <c>shareId</c>, be it null.</summary>
    public bool HasShare => _share.IsPresent;

    /// <summary>Reads a line.</summary>
    /// <param name="line">Without its line break, not blank.</param>
    /// <param name="needsProject">Whether <c>projectId</c> has to be there; otherwise it is not looked at.</param>
    /// <returns>What is wrong with the line; empty when nothing is.</returns>
    public IReadOnlyList<string> Read(ReadOnlySpan<byte> line, bool needsProject)
    {
        _id.Clear();
        _project.Clear();
        _share.Clear();
        try
        {
            var reader = new Utf8JsonReader(line, JsonRules.Options);
            if (!JsonRules.IsText(line) || !reader.Read())
                return NoJson;
            if (reader.TokenType == JsonTokenType.StartObject)
                return TryReadObject(ref reader, needsProject) && !reader.Read() ? Faults(needsProject) : NoJson;
            var kind = reader.TokenType;
            return JsonRules.TrySkip(ref reader) && !reader.Read() ? [ZodWords.Expected("object", kind)] : NoJson;
        }
        catch (JsonException)
        {
            return NoJson;
        }
    }

    private bool TryReadObject(ref Utf8JsonReader reader, bool needsProject)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!JsonRules.HasPairedSurrogates(ref reader) || !TryReadMember(ref reader, needsProject))
                return false;
        }

        return true;
    }

    private bool TryReadMember(ref Utf8JsonReader reader, bool needsProject)
    {
        if (reader.ValueTextEquals("id"u8))
            return _id.TryRead(ref reader, mayBeNull: false);
        if (reader.ValueTextEquals("shareId"u8))
            return _share.TryRead(ref reader, mayBeNull: true);
        if (needsProject && reader.ValueTextEquals("projectId"u8))
            return _project.TryRead(ref reader, mayBeNull: false);
        reader.Read();
        return JsonRules.TrySkip(ref reader);
    }

    private IReadOnlyList<string> Faults(bool needsProject)
    {
        _id.Require();
        if (needsProject)
            _project.Require();
        return _id.Faults.Count + _project.Faults.Count + _share.Faults.Count == 0 ? [] : [.. _id.Faults, .. _project.Faults, .. _share.Faults];
    }
}
