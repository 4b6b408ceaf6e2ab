using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace CraftKit.Edge.Tests.Binary.Contract;

/// <summary>openapi.yaml, as far as the tests look into it.</summary>
internal sealed class ContractDocument
{
    private const string Schemas = "#/components/schemas/";

    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];

    private readonly Dictionary<(JsonNode Node, bool IsClosed), JsonSchema> _compiled = [];

    /// <param name="yaml">Its text.</param>
    public ContractDocument(string yaml)
    {
        Root = YamlJson.Parse(yaml).AsObject();
        Operations = [.. Root["paths"]!.AsObject().SelectMany(path => OperationsOf(path.Key, path.Value!.AsObject()))];
    }

    /// <summary>The whole document.</summary>
    public JsonObject Root { get; }

    /// <summary>The operations of all paths.</summary>
    public IReadOnlyList<ContractOperation> Operations { get; }

    /// <summary>The operation with an id.</summary>
    public ContractOperation Operation(string id) => Operations.Single(operation => operation.Id == id);

    /// <summary>What a <c>$ref</c> points to; any other object as it is.</summary>
    public JsonObject Resolve(JsonNode node)
    {
        while (node["$ref"] is { } reference)
            node = reference.GetValue<string>()[2..].Split('/').Aggregate((JsonNode)Root, (parent, name) => parent[name] ?? throw new KeyNotFoundException(reference.ToJsonString()));
        return node.AsObject();
    }

    /// <summary>What is wrong with a value.</summary>
    /// <param name="schema">A schema of the document.</param>
    /// <param name="value">The value.</param>
    /// <param name="closed">Whether an object may have no member that its schema does not name. Answers are held to that; requests are not, because the
    /// service passes over what it does not know.</param>
    /// <returns>A line for each fault; empty when the value is valid.</returns>
    public IReadOnlyList<string> FaultsOf(JsonNode schema, JsonElement value, bool closed)
    {
        if (!_compiled.TryGetValue((schema, closed), out var compiled))
            _compiled[(schema, closed)] = compiled = Compile(schema, closed);
        var result = compiled.Evaluate(value, new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        return result.IsValid ? [] : [.. Lines(result).DefaultIfEmpty($"'{value}' does not fit {schema.ToJsonString()}")];

        static IEnumerable<string> Lines(EvaluationResults result) =>
            (result.Errors ?? []).Select(error => $"{result.InstanceLocation}: {error.Key}: {error.Value}").Concat((result.Details ?? []).SelectMany(Lines));
    }

    private JsonSchema Compile(JsonNode schema, bool closed)
    {
        var whole = Copy(schema, closed);
        whole["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        whole["$defs"] = new JsonObject(Root["components"]!["schemas"]!.AsObject().Select(named => KeyValuePair.Create(named.Key, (JsonNode?)Copy(named.Value!, closed))));
        return JsonSchema.FromText(whole.ToJsonString());
    }

    private static JsonObject Copy(JsonNode schema, bool closed)
    {
        var copy = schema.DeepClone().AsObject();
        Adapt(copy, closed);
        return copy;
    }

    private static void Adapt(JsonNode? node, bool closed)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
                Adapt(item, closed);
        }
        else if (node is JsonObject schema)
        {
            schema.Remove("example");
            schema.Remove("examples");
            foreach (var (_, inner) in schema)
                Adapt(inner, closed);
            if (schema["$ref"] is JsonValue reference && reference.TryGetValue<string>(out var target))
                schema["$ref"] = "#/$defs/" + target[Schemas.Length..];
            if (closed && IsObject(schema["type"]) && schema["properties"] is JsonObject && schema["additionalProperties"] is null)
                schema["additionalProperties"] = false;
        }
    }

    private static bool IsObject(JsonNode? type) => type switch
    {
        JsonArray types => types.Any(IsObject),
        JsonValue value => value.TryGetValue<string>(out var name) && name == "object",
        _ => false,
    };

    private IEnumerable<ContractOperation> OperationsOf(string path, JsonObject item) =>
        item.Where(member => Methods.Contains(member.Key)).Select(member => new ContractOperation(this, path, member.Key.ToUpperInvariant(), item, member.Value!.AsObject()));
}
