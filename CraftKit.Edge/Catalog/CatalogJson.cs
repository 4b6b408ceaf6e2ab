using System.Text.Json;
using CraftKit.Edge.Json;

namespace CraftKit.Edge.Catalog;

/// <summary>The catalog's things as the admin plane and <c>--json</c> show them (docs/API.md, "Admin plane").</summary>
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

    public static void Write(this Utf8JsonWriter writer, CatalogKey key, DateTimeOffset? lastUsedAt)
    {
        writer.WriteStartObject();
        writer.WriteString("id", key.Id);
        writer.WriteString("projectId", key.ProjectId);
        writer.WriteString("name", key.Name);
        writer.WriteString("prefix", key.Prefix);
        writer.WriteString("createdAt", TimeText.Of(key.CreatedAt));
        writer.WriteTime("lastUsedAt", lastUsedAt);
        writer.WriteTime("revokedAt", key.RevokedAt);
        writer.WriteEndObject();
    }

    public static void Write(this Utf8JsonWriter writer, AccountKey key, DateTimeOffset? lastUsedAt)
    {
        writer.WriteStartObject();
        writer.WriteString("id", key.Id);
        writer.WriteString("name", key.Name);
        writer.WriteString("prefix", key.Prefix);
        writer.WriteString("createdAt", TimeText.Of(key.CreatedAt));
        writer.WriteTime("lastUsedAt", lastUsedAt);
        writer.WriteTime("revokedAt", key.RevokedAt);
        writer.WriteEndObject();
    }

    public static void Write(this Utf8JsonWriter writer, CreatedAccountKey created)
    {
        writer.WriteStartObject();
        writer.WriteString("id", created.Key.Id);
        writer.WriteString("name", created.Key.Name);
        writer.WriteString("prefix", created.Key.Prefix);
        writer.WriteString("key", created.Plaintext);
        writer.WriteString("createdAt", TimeText.Of(created.Key.CreatedAt));
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

    public static void Write(this Utf8JsonWriter writer, ImportResult import)
    {
        writer.WriteStartObject();
        writer.WriteNumber("added", import.Added);
        writer.WriteNumber("changed", import.Changed);
        writer.WriteNumber("unchanged", import.Unchanged);
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

    private static void WriteTime(this Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } known)
            writer.WriteString(name, TimeText.Of(known));
        else
            writer.WriteNull(name);
    }
}
