using System.Text.Json;
using CraftKit.Edge.Json;

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

    /// <summary>What is wrong with it, led by its name; empty when nothing is.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    public void Clear()
    {
        _length = 0;
        IsPresent = false;
        Faults = [];
    }

    /// <summary>The member has to be there: it is a fault when it is not.</summary>
    public void Require()
    {
        if (!IsPresent)
            Faults = [$"{name}: {ZodWords.Required}"];
    }

    /// <summary>Reads the member's value; the reader stands on its name.</summary>
    /// <returns>False when a string in it has an unpaired surrogate.</returns>
    public bool TryRead(ref Utf8JsonReader reader, bool mayBeNull)
    {
        Clear();
        IsPresent = true;
        reader.Read();
        var kind = reader.TokenType;
        if (kind != JsonTokenType.String || !JsonRules.HasPairedSurrogates(ref reader))
        {
            if (kind != JsonTokenType.Null || !mayBeNull)
                Faults = [$"{name}: {ZodWords.Expected("string", kind)}"];
            return JsonRules.TrySkip(ref reader);
        }

        if (reader.ValueSpan.Length <= MaxRawLength)
            _length = reader.CopyString(_buffer);
        if (CatalogId.IsValid(Value))
            return true;
        _length = 0;
        Faults = [.. CatalogId.FaultsOf(reader.GetString()!).Select(fault => $"{name}: {fault}")];
        return true;
    }
}
