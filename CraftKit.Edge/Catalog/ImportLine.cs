using System.Text.Json;

namespace CraftKit.Edge.Catalog;

/// <summary>One line of an import.</summary>
internal sealed class ImportLine
{
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
    /// <returns>What is wrong with the line; null when nothing is.</returns>
    public string? Read(ReadOnlySpan<byte> line, bool needsProject)
    {
        _id.Clear();
        _project.Clear();
        _share.Clear();
        try
        {
            var reader = new Utf8JsonReader(line);
            reader.Read();
            var isObject = reader.TokenType == JsonTokenType.StartObject;

            // To the end in any case: what is no JSON is told so, whatever else is wrong with it.
            while (reader.Read())
            {
                if (isObject && reader.TokenType == JsonTokenType.PropertyName)
                    ReadMember(ref reader, needsProject);
            }

            return isObject ? Faults(needsProject) : "must be an object";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is what the reader throws for a string that is no Unicode.
            return "not valid JSON";
        }
    }

    private void ReadMember(ref Utf8JsonReader reader, bool needsProject)
    {
        if (reader.ValueTextEquals("id"u8))
            _id.Read(ref reader, mayBeNull: false);
        else if (reader.ValueTextEquals("shareId"u8))
            _share.Read(ref reader, mayBeNull: true);
        else if (needsProject && reader.ValueTextEquals("projectId"u8))
            _project.Read(ref reader, mayBeNull: false);
        else
            reader.Skip();
    }

    private string? Faults(bool needsProject)
    {
        var id = _id.IsPresent ? _id.Fault : "id is missing";
        var project = _project.IsPresent || !needsProject ? _project.Fault : "projectId is missing";
        if (id is null && project is null && _share.Fault is null)
            return null;
        return string.Join("; ", new[] { id, project, _share.Fault }.Where(fault => fault is not null));
    }
}
