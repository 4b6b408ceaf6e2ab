using System.Net;
using System.Text;
using System.Text.Json;
using CraftKit.Edge.Tests.Http;
using Xunit;

namespace CraftKit.Edge.Tests.Binary.Contract;

/// <summary>Calls operations of openapi.yaml on a serving process, holds each request and answer against the document, and keeps what it saw.</summary>
internal sealed class ContractClient(ContractDocument document, IReadOnlyDictionary<Plane, IPEndPoint> planes, IReadOnlyDictionary<string, string> keys) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly Lock _lock = new();

    /// <summary>What was not as the document says, a line each.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>The operations that were answered, and under which of their declared statuses.</summary>
    public HashSet<(string Operation, string Status)> Seen { get; } = [];

    /// <summary>The codes of the errors that came, those of single items of a bulk request included.</summary>
    public HashSet<string> Codes { get; } = [];

    /// <summary>Calls an operation on each plane that has it.</summary>
    /// <param name="id">The operation's id.</param>
    /// <param name="status">The status that must come.</param>
    /// <param name="path">The path, with a query if there is one.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="key">The key to present; null for the right one, empty for none.</param>
    /// <param name="type">The content type of the body.</param>
    /// <param name="known">What <c>If-None-Match</c> says; null without one.</param>
    /// <returns>The last answer.</returns>
    public async Task<ContractAnswer> CallAsync(
        string id, int status, string path, string? body = null, string? key = null, string type = "application/json", string? known = null)
    {
        var operation = document.Operation(id);
        ContractAnswer? answer = null;
        foreach (var plane in operation.Planes)
        {
            answer = await SendAsync(plane, operation.Method, path, body, key ?? KeyOf(operation), type, known);
            Check(operation, status, answer, path, body);
            Note(RequestFaults(operation, answer, path, body, type).Select(fault => $"{operation} {status}, the request: {fault}"));
            if (operation.Method == "GET")
                await CheckHeadAsync(operation, plane, path, key ?? KeyOf(operation), known, answer);
        }

        return answer!;
    }

    /// <summary>Sends any request to a plane, of an operation or not.</summary>
    public async Task<ContractAnswer> SendAsync(
        Plane plane, string method, string path, string? body, string key, string type = "application/json", string? known = null)
    {
        using var request = Request(plane, method, path, key);
        if (known is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
        if (body is not null)
            request.Content = new StringContent(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { Headers = { ContentType = new(type) } };
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return await ContractAnswer.FromAsync(response, TestContext.Current.CancellationToken);
    }

    /// <summary>Calls an operation whose answer does not end, and takes its first messages.</summary>
    public async Task<ContractAnswer> FollowAsync(string id, string path, int messages)
    {
        var operation = document.Operation(id);
        using var request = Request(operation.Planes.Single(), operation.Method, path, KeyOf(operation));
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var text = new StringBuilder();
        using var patience = new CancellationTokenSource(Patience);
        while (messages > 0 && await reader.ReadLineAsync(patience.Token) is { } line)
        {
            text.Append(line).Append('\n');
            if (line.Length == 0)
                messages--;
        }

        var answer = ContractAnswer.From(response, text.ToString());
        Check(operation, 200, answer, path, null);
        return answer;
    }

    /// <summary>Sends bytes as they are, and takes what comes as the answer of an operation.</summary>
    /// <param name="id">The operation.</param>
    /// <param name="plane">Where.</param>
    /// <param name="status">The status that must come.</param>
    /// <param name="request">The bytes, as Latin-1.</param>
    public async Task<ContractAnswer> SendRawAsync(string id, Plane plane, int status, string request)
    {
        await using var connection = await RawConnection.ConnectAsync(planes[plane]);
        await connection.SendAsync(request);
        var answer = ContractAnswer.From(await connection.ReceiveAsync());
        Check(document.Operation(id), status, answer, request[..Math.Min(request.Length, 80)], null);
        return answer;
    }

    /// <summary>The line of a header with the key of an operation; empty where none is needed.</summary>
    public string Authorization(string id) => KeyOf(document.Operation(id)) is { Length: > 0 } key ? $"Authorization: Bearer {key}\r\n" : "";

    /// <summary>Adds faults.</summary>
    public void Note(IEnumerable<string> faults)
    {
        lock (_lock)
            Faults.AddRange(faults);
    }

    /// <summary>Holds an answer against the document.</summary>
    public void Check(ContractOperation operation, int status, ContractAnswer answer, string path, string? body)
    {
        var faults = answer.Status == status ? answer.FaultsOf(document, operation) : [$"{answer.Status} came instead"];
        Note(faults.Select(fault => $"{operation} {status} ({path} {body}): {fault}: {answer.Body}"));
        lock (_lock)
        {
            if (answer.DeclaredBy(operation) is { } declared)
                Seen.Add((operation.Id, declared));
            if (answer.Code is { } code)
                Codes.Add(code);
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(IPEndPoint server, string method, string path, string key)
    {
        // Not through Uri's canonical form: the path goes out as it is.
        var uri = new Uri($"http://{server}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(method), uri);
        if (key.Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        return request;
    }

    private HttpRequestMessage Request(Plane plane, string method, string path, string key) => Request(planes[plane], method, path, key);

    private string KeyOf(ContractOperation operation) => operation.Key is { } scheme ? keys[scheme] : "";

    /// <summary>HEAD gets the same status and headers, and no body.</summary>
    private async Task CheckHeadAsync(ContractOperation operation, Plane plane, string path, string key, string? known, ContractAnswer answer)
    {
        var head = await SendAsync(plane, "HEAD", path, null, key, known: known);
        string[] own = ["Content-Type", "Allow", "Retry-After", "WWW-Authenticate", "ETag"];
        if (head.Status != answer.Status || head.Body.Length > 0 || own.Any(name => head.Headers.GetValueOrDefault(name) != answer.Headers.GetValueOrDefault(name)))
            Note([$"HEAD {operation.Path} {answer.Status} ({path}): {head}"]);
    }

    /// <summary>What was taken fits the declared schemas, and what was refused for not fitting does not.</summary>
    private List<string> RequestFaults(ContractOperation operation, ContractAnswer answer, string path, string? body, string type)
    {
        var isRefused = answer.Code is "invalid_request" or "invalid_json";
        if (answer.Status >= 300 && !isRefused)
            return [];
        List<string> found = [.. ParameterFaults(operation, path), .. ContentFaults(operation, body, type)];
        if (isRefused)
            return found.Count > 0 ? [] : [$"{path} {body} is as declared and was refused"];
        return operation.Id == "recordEvents" ? [] : found;
    }

    private IEnumerable<string> ParameterFaults(ContractOperation operation, string path)
    {
        var query = path.Split('?') is [_, var text] ? text.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]) : [];
        foreach (var (kind, values) in new[] { ("path", operation.Match(path)), ("query", query) })
        {
            var declared = operation.Parameters(kind);
            foreach (var (name, value) in values)
            {
                if (!declared.TryGetValue(name, out var parameter))
                {
                    yield return $"the {kind} parameter {name} is not declared";
                    continue;
                }

                var schema = parameter["schema"]!;
                var isNumber = document.Resolve(schema)["type"]!.GetValue<string>() == "integer" && decimal.TryParse(value, out _);
                using var json = JsonDocument.Parse(isNumber ? value : JsonSerializer.Serialize(value));
                foreach (var fault in document.FaultsOf(schema, json.RootElement, closed: false))
                    yield return $"{name}: {fault}";
            }
        }
    }

    private IEnumerable<string> ContentFaults(ContractOperation operation, string? body, string type)
    {
        if (string.IsNullOrEmpty(body))
            return operation.NeedsBody && type != "application/x-ndjson" ? ["a body is required"] : [];
        if (!operation.Bodies.TryGetValue(type, out var schema))
            return [$"the content type {type} is not declared"];
        return schema["contentSchema"]?["items"] is { } item
            ? body.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)).SelectMany(line => ValueFaults(item, line))
            : ValueFaults(schema, body);
    }

    private IReadOnlyList<string> ValueFaults(System.Text.Json.Nodes.JsonNode schema, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return document.FaultsOf(schema, json.RootElement, closed: false);
        }
        catch (JsonException exception)
        {
            return [exception.Message];
        }
    }
}
