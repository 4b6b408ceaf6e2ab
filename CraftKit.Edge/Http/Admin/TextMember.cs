using System.Text.Json;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Json;
using Microsoft.AspNetCore.Http;

namespace CraftKit.Edge.Http.Admin;

/// <summary>The schema of a body of which one member counts, a text; other members are passed over.</summary>
/// <param name="name">The member.</param>
/// <param name="maxLength">Its most UTF-16 units; the least is one.</param>
internal sealed class TextMember(string name, int maxLength)
{
    /// <summary>Whether the member has to be there; and so the body, which may otherwise be empty.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether the text is an id, and the member may be null.</summary>
    public bool IsId { get; init; }

    /// <summary>The status of the answer to a value that does not fit.</summary>
    public int FaultStatus { get; init; } = StatusCodes.Status400BadRequest;

    /// <summary>Reads the request's body and holds it against the schema.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxBytes">The most bytes of the body.</param>
    /// <param name="alsoWrong">Faults of the request besides its body, told with those of the body.</param>
    public async Task<TextInput> ReadAsync(AdminRequest request, int maxBytes, params (string Field, string Fault)[] alsoWrong) =>
        await request.ReadBodyAsync(maxBytes) is { } body ? Read(body, alsoWrong) : Refuse(ApiError.PayloadTooLarge);

    private TextInput Read(ReadOnlySpan<byte> body, (string Field, string Fault)[] alsoWrong)
    {
        if (!JsonRules.IsText(body))
            return Refuse(ApiError.InvalidJson);
        body = JsonRules.WithoutByteOrderMark(body);
        string? form = null, text = null;
        var kind = JsonTokenType.None;
        try
        {
            if ((!body.IsEmpty || IsRequired) && !TryRead(body, out form, out kind, out text))
                return Refuse(ApiError.InvalidJson);
        }
        catch (JsonException)
        {
            return Refuse(ApiError.InvalidJson);
        }

        List<(string, string)> faults = [.. alsoWrong];
        if (form is null)
            faults.AddRange(FaultsOf(kind, text).Select(fault => (name, fault)));
        return form is null && faults.Count == 0
            ? new TextInput(null, kind != JsonTokenType.None, text)
            : Refuse(ApiError.InvalidRequest(new BodyIssues(form, faults), FaultStatus));
    }

    private static TextInput Refuse(ApiAnswer answer) => new(answer, false, null);

    /// <summary>Reads the one value of a body.</summary>
    /// <param name="body">The bytes, in UTF-8.</param>
    /// <param name="form">What is wrong with the value as a whole; null for an object.</param>
    /// <param name="kind">How the member begins; none without it.</param>
    /// <param name="text">The member's text; null when it is none.</param>
    /// <returns>False when the body holds what is no JSON.</returns>
    private bool TryRead(ReadOnlySpan<byte> body, out string? form, out JsonTokenType kind, out string? text)
    {
        (form, kind, text) = (null, JsonTokenType.None, null);
        var reader = new Utf8JsonReader(body, JsonRules.Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            form = ZodWords.Expected("object", reader.TokenType);
            return JsonRules.TrySkip(ref reader) && !reader.Read();
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!JsonRules.HasPairedSurrogates(ref reader))
                return false;
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            var begins = reader.TokenType;
            if (!JsonRules.HasPairedSurrogates(ref reader))
                return false;
            if (isIt)
                (kind, text) = (begins, begins == JsonTokenType.String ? reader.GetString() : null);
            if (!JsonRules.TrySkip(ref reader))
                return false;
        }

        return !reader.Read();
    }

    private IEnumerable<string> FaultsOf(JsonTokenType kind, string? text)
    {
        if (kind == JsonTokenType.None)
            return IsRequired ? [ZodWords.Required] : [];
        if (text is null)
            return IsId && kind == JsonTokenType.Null ? [] : [ZodWords.Expected("string", kind)];
        if (IsId)
            return CatalogId.FaultsOf(text);
        return ZodWords.LengthFault(text.Length, maxLength) is { } fault ? [fault] : [];
    }
}
