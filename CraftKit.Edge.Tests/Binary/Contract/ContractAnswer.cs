using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CraftKit.Edge.Tests.Http;

namespace CraftKit.Edge.Tests.Binary.Contract;

/// <summary>An answer, and what openapi.yaml says of it.</summary>
internal sealed record ContractAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Headers that every answer may have.</summary>
    private static readonly HashSet<string> Common = new(["Content-Type", "Content-Length", "Transfer-Encoding", "Date", "Connection"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The text of a member of the body.</summary>
    public string this[string member]
    {
        get
        {
            using var body = JsonDocument.Parse(Body);
            return body.RootElement.GetProperty(member).GetString()!;
        }
    }

    /// <summary>The code of an error; null when it is none.</summary>
    public string? Code
    {
        get
        {
            if (Status < 400)
                return null;
            using var body = JsonDocument.Parse(Body);
            return body.RootElement.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null;
        }
    }

    public static ContractAnswer From(RawResponse raw) =>
        new(raw.Status, raw.Headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase), raw.Body);

    public static async Task<ContractAnswer> FromAsync(HttpResponseMessage response, CancellationToken cancellation) =>
        From(response, await response.Content.ReadAsStringAsync(cancellation));

    public static ContractAnswer From(HttpResponseMessage response, string body) => new(
        (int)response.StatusCode,
        response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
        body);

    /// <summary>Under which of the operation's statuses this answer falls; null when it declares none for it.</summary>
    public string? DeclaredBy(ContractOperation operation)
    {
        var status = Status.ToString(CultureInfo.InvariantCulture);
        return operation.Responses.ContainsKey(status) ? status : operation.Responses.ContainsKey("default") ? "default" : null;
    }

    /// <summary>What is not as the document says.</summary>
    public IEnumerable<string> FaultsOf(ContractDocument document, ContractOperation operation)
    {
        if (DeclaredBy(operation) is not { } status)
            return ["the status is not declared"];
        var response = operation.Responses[status];
        return [.. HeaderFaults(document, response["headers"]?.AsObject() ?? []), .. response["content"] is { } content ? BodyFaults(document, content.AsObject()) : NoBodyFaults()];
    }

    private IEnumerable<string> HeaderFaults(ContractDocument document, JsonObject declared)
    {
        foreach (var name in Headers.Keys.Where(name => !Common.Contains(name) && !declared.Any(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))))
            yield return $"the header {name} is not declared";
        foreach (var (name, node) in declared)
        {
            var header = document.Resolve(node!);
            if (!Headers.TryGetValue(name, out var text))
            {
                if (header["required"]?.GetValue<bool>() ?? false)
                    yield return $"the header {name} is missing";
                continue;
            }

            var schema = header["schema"]!;
            var isNumber = schema["type"]?.GetValue<string>() == "integer";
            using var value = JsonDocument.Parse(isNumber ? text : JsonSerializer.Serialize(text));
            foreach (var fault in document.FaultsOf(schema, value.RootElement, closed: true))
                yield return $"the header {name}: {fault}";
        }
    }

    private IEnumerable<string> NoBodyFaults() => Body.Length == 0 && !Headers.ContainsKey("Content-Type") ? [] : ["there is a body, and none is declared"];

    private IEnumerable<string> BodyFaults(ContractDocument document, JsonObject content)
    {
        if (!Headers.TryGetValue("Content-Type", out var type) || content[type] is not { } declared)
            return [$"the content type is '{type}'"];
        var schema = declared["schema"]!;
        if (type == "application/json")
        {
            using var json = JsonDocument.Parse(Body);
            return document.FaultsOf(schema, json.RootElement, closed: true);
        }

        using var text = JsonDocument.Parse(JsonSerializer.Serialize(Body));
        return document.FaultsOf(schema, text.RootElement, closed: true)
            .Concat(schema["contentSchema"] is { } content_ ? Streamed(Body).SelectMany(message => MessageFaults(document, content_["items"]!, message)) : []);
    }

    private static IEnumerable<string> MessageFaults(ContractDocument document, JsonNode schema, string message)
    {
        using var json = JsonDocument.Parse(message);
        return document.FaultsOf(schema, json.RootElement, closed: true);
    }

    /// <summary>The data of server-sent events.</summary>
    private static IEnumerable<string> Streamed(string text) => text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(message =>
        string.Join('\n', message.Split('\n').Where(line => line.StartsWith("data:", StringComparison.Ordinal)).Select(line => line[5..].TrimStart())));
}
