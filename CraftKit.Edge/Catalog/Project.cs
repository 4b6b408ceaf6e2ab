using System.Text;

namespace CraftKit.Edge.Catalog;

/// <summary>A project as requests see it. Immutable: a change makes another object.</summary>
internal sealed class Project
{
    private readonly byte[] _idUtf8;

    internal Project(int number, string id, bool deleted)
    {
        Number = number;
        Id = id;
        _idUtf8 = Encoding.ASCII.GetBytes(id);
        Deleted = deleted;
    }

    public string Id { get; }

    /// <summary>The id in ASCII.</summary>
    public ReadOnlySpan<byte> IdUtf8 => _idUtf8;

    /// <summary>Whether the project was deleted; its keys then answer 403.</summary>
    public bool Deleted { get; }

    /// <summary>The number by which renders refer to it, 1 or more, the same as long as the file is.</summary>
    internal int Number { get; }
}
