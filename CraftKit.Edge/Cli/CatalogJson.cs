using System.Text.Json;
using CraftKit.Edge.Catalog;

namespace CraftKit.Edge.Cli;

/// <summary>The catalog's things as <c>--json</c> shows them: the members that the account API has for them (docs/API.md).</summary>
internal static class CatalogJson
{
    public static void Write(this Utf8JsonWriter writer, CatalogProject project)
    {
        writer.WriteStartObject();
        writer.WriteString("id", project.Id);
        writer.WriteString("slug", project.Slug);
        writer.WriteString("name", project.Name);
        writer.WriteString("createdAt", TimeText.Of(project.CreatedAt));
        writer.WriteString("updatedAt", TimeText.Of(project.UpdatedAt));
        writer.WriteEndObject();
    }

    public static void Write(this Utf8JsonWriter writer, CatalogKey key)
    {
        writer.WriteStartObject();
        writer.WriteString("id", key.Id);
        writer.WriteString("projectId", key.ProjectId);
        writer.WriteString("name", key.Name);
        writer.WriteString("prefix", key.Prefix);
        writer.WriteString("createdAt", TimeText.Of(key.CreatedAt));
        if (key.RevokedAt is { } revokedAt)
            writer.WriteString("revokedAt", TimeText.Of(revokedAt));
        else
            writer.WriteNull("revokedAt");
        writer.WriteEndObject();
    }

    public static void Write(this Utf8JsonWriter writer, CreatedKey created)
    {
        writer.WriteStartObject();
        writer.WriteString("id", created.Key.Id);
        writer.WriteString("projectId", created.Key.ProjectId);
        writer.WriteString("name", created.Key.Name);
        writer.WriteString("prefix", created.Key.Prefix);
        writer.WriteString("key", created.Plaintext);
        writer.WriteString("createdAt", TimeText.Of(created.Key.CreatedAt));
        writer.WriteEndObject();
    }

    public static void Write(this Utf8JsonWriter writer, CatalogRender render)
    {
        writer.WriteStartObject();
        writer.WriteString("id", render.Id);
        writer.WriteString("projectId", render.ProjectId);
        writer.WriteString("shareId", render.ShareId);
        writer.WriteString("createdAt", TimeText.Of(render.CreatedAt));
        writer.WriteEndObject();
    }

    /// <summary><c>{"id":"…","deleted":true}</c> and its like.</summary>
    public static void WriteDone(this Utf8JsonWriter writer, string id, string done)
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteBoolean(done, true);
        writer.WriteEndObject();
    }
}
