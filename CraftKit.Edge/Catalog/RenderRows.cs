using System.Collections;
using System.Text;
using System.Text.Json;
using CraftKit.Edge.Json;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Catalog;

/// <summary>Renders of one project as the store has them, packed: a listing of a hundred thousand as objects was 30 MB of garbage.</summary>
/// <param name="projectId">The project.</param>
internal sealed class RenderRows(string projectId) : IReadOnlyList<CatalogRender>, IDisposable
{
    private readonly RenderList _renders = new();
    private readonly PooledList<DateTimeOffset> _createdAt = new();

    public int Count => _renders.Count;

    public CatalogRender this[int index]
    {
        get
        {
            Span<byte> buffer = stackalloc byte[CatalogId.MaxLength];
            var entry = _renders.Entries[index];
            var id = TextOf(entry.Id, buffer);
            return new CatalogRender(id, projectId, entry.Share.Length == 0 ? null : TextOf(entry.Share, buffer), _createdAt.Items[index]);
        }
    }

    /// <summary>Gives the memory back; there are none left.</summary>
    public void Dispose()
    {
        _renders.Dispose();
        _createdAt.Dispose();
    }

    /// <summary>Adds one.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="share">Its share; empty without one.</param>
    /// <param name="createdAt">When it was added.</param>
    public void Add(ReadOnlySpan<byte> id, ReadOnlySpan<byte> share, DateTimeOffset createdAt)
    {
        _renders.Add(id, share, project: 1);
        _createdAt.Add(createdAt);
    }

    /// <summary>Writes one as <see cref="CatalogJson"/> does, without making it an object first.</summary>
    public void Write(Utf8JsonWriter json, int index)
    {
        Span<byte> buffer = stackalloc byte[CatalogId.MaxLength];
        var entry = _renders.Entries[index];
        json.WriteStartObject();
        json.WriteString("id"u8, buffer[..entry.Id.Unpack(_renders.Text, buffer)]);
        json.WriteString("projectId"u8, projectId);
        if (entry.Share.Length == 0)
            json.WriteNull("shareId"u8);
        else
            json.WriteString("shareId"u8, buffer[..entry.Share.Unpack(_renders.Text, buffer)]);
        TimeText.Write(_createdAt.Items[index], buffer);
        json.WriteString("createdAt"u8, buffer[..TimeText.Length]);
        json.WriteEndObject();
    }

    public IEnumerator<CatalogRender> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private string TextOf(PackedId id, Span<byte> buffer) => Encoding.ASCII.GetString(buffer[..id.Unpack(_renders.Text, buffer)]);
}
