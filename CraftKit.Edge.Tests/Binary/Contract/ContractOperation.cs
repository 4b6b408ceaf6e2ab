using System.Text.Json.Nodes;

namespace CraftKit.Edge.Tests.Binary.Contract;

/// <summary>The two listeners of the service.</summary>
internal enum Plane
{
    Data,
    Admin,
}

/// <summary>A method of a path of openapi.yaml.</summary>
internal sealed class ContractOperation
{
    private readonly ContractDocument _document;
    private readonly JsonObject _item;
    private readonly JsonObject _operation;

    /// <param name="document">The whole document.</param>
    /// <param name="path">The path's template.</param>
    /// <param name="method">The method, in capitals.</param>
    /// <param name="item">What stands at the path.</param>
    /// <param name="operation">What stands at the method.</param>
    public ContractOperation(ContractDocument document, string path, string method, JsonObject item, JsonObject operation)
    {
        _document = document;
        _item = item;
        _operation = operation;
        Path = path;
        Method = method;
        Id = operation["operationId"]!.GetValue<string>();
        Planes = [.. item["servers"]!.AsArray().Select(server => PlaneOf(server!["url"]!.GetValue<string>()))];
        Key = (operation["security"] ?? document.Root["security"])!.AsArray() is [JsonObject scheme] ? scheme.Single().Key : null;
        Responses = operation["responses"]!.AsObject().ToDictionary(response => response.Key, response => document.Resolve(response.Value!));
    }

    public string Id { get; }

    public string Path { get; }

    public string Method { get; }

    /// <summary>Who answers it.</summary>
    public IReadOnlyList<Plane> Planes { get; }

    /// <summary>The security scheme; null when no key is needed.</summary>
    public string? Key { get; }

    /// <summary>The declared answers by their status, or <c>default</c>.</summary>
    public IReadOnlyDictionary<string, JsonObject> Responses { get; }

    /// <summary>Whether the request must have a body.</summary>
    public bool NeedsBody => _operation["requestBody"]?["required"]?.GetValue<bool>() ?? false;

    /// <summary>The schemas of the request's body by their content types; empty when it has none.</summary>
    public IReadOnlyDictionary<string, JsonNode> Bodies => _operation["requestBody"]?["content"]?.AsObject().ToDictionary(body => body.Key, body => body.Value!["schema"]!) ?? [];

    /// <summary>The parameters of a kind (<c>path</c>, <c>query</c>, <c>header</c>) by their names.</summary>
    public IReadOnlyDictionary<string, JsonObject> Parameters(string kind) => new[] { _item["parameters"], _operation["parameters"] }
        .SelectMany(list => list?.AsArray() ?? [])
        .Select(parameter => _document.Resolve(parameter!))
        .Where(parameter => parameter["in"]!.GetValue<string>() == kind)
        .ToDictionary(parameter => parameter["name"]!.GetValue<string>());

    /// <summary>The values that stand for the parameters in a path.</summary>
    /// <exception cref="ArgumentException">It is no path of this operation.</exception>
    public Dictionary<string, string> Match(string path)
    {
        var (template, actual) = (Path.Split('/'), path.Split('?')[0].Split('/'));
        if (template.Length != actual.Length || template.Zip(actual).Any(pair => pair.First != pair.Second && !IsParameter(pair.First)))
            throw new ArgumentException($"{path} is no {Path}", nameof(path));
        return template.Zip(actual).Where(pair => IsParameter(pair.First)).ToDictionary(pair => pair.First[1..^1], pair => pair.Second);
    }

    public override string ToString() => $"{Method} {Path}";

    private static bool IsParameter(string segment) => segment.StartsWith('{');

    private static Plane PlaneOf(string url) => new Uri(url).Port switch
    {
        8080 => Plane.Data,
        8081 => Plane.Admin,
        var port => throw new NotSupportedException($"no plane has the port {port} by default"),
    };
}
