using System.Text.Json;

namespace CraftKit.Edge.Catalog;

/// <summary>One id of an import's line, in a buffer that the next line uses again. Of a repeated member the last one counts.</summary>
internal sealed class ImportField(string name)
{
    // No more than 6 bytes of JSON stand for one of an id, escaped as it may be.
    private const int MaxRawLength = CatalogId.MaxLength * 6;

    private readonly byte[] _buffer = new byte[MaxRawLength];
    private int _length;

    /// <summary>The id; empty when it is absent, null or faulty.</summary>
    public ReadOnlySpan<byte> Value => _buffer.AsSpan(0, _length);

    /// <summary>Whether the member is there, be it null.</summary>
    public bool IsPresent { get; private set; }

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Fault { get; private set; }

    public void Clear()
    {
        _length = 0;
        IsPresent = false;
        Fault = null;
    }

    /// <summary>Reads the member's value; the reader stands on its name.</summary>
    public void Read(ref Utf8JsonReader reader, bool mayBeNull)
    {
        Clear();
        IsPresent = true;
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null && mayBeNull)
            return;
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            Fault = $"{name} must be a string";
            return;
        }

        if (reader.ValueSpan.Length <= MaxRawLength)
            _length = reader.CopyString(_buffer);
        if (CatalogId.IsValid(Value))
            return;
        _length = 0;
        Fault = $"{name} {CatalogId.Rule}";
    }
}
