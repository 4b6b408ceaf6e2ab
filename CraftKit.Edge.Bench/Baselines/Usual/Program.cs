// The usual way to build this: a minimal API, keys and renders in dictionaries, IMemoryCache for the window, one INSERT a request in WAL mode.
// It answers as the service does, but forgets its window with the process, and two simultaneous requests may both be recorded.
// Options are those of the host (--urls URL), and --data DIR, --key KEY, --renders FILE of JSON lines, --tuned yes|no.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CraftKit.Edge.Bench.Baselines.Usual;
using Microsoft.Extensions.Caching.Memory;

var builder = WebApplication.CreateSlimBuilder(args);

// Without a settings file the host would write two lines a request to the console.
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddMemoryCache();
var path = Path.Combine(Option("data"), "events.db");
builder.Services.AddSingleton<IEvents>(Option("tuned") == "yes" ? new TunedEvents(path) : new Events(path));
var app = builder.Build();

var keyHash = SHA256.HashData(Encoding.ASCII.GetBytes(Option("key")));
var shares = File.ReadLines(Option("renders")).Select(line => JsonSerializer.Deserialize<Render>(line, JsonSerializerOptions.Web)!)
    .ToDictionary(render => render.Id, render => render.ShareId);

app.MapPost("/v1/renders/{id}/events", async (string id, HttpRequest request, IMemoryCache window, IEvents events) =>
{
    var authorization = request.Headers.Authorization.ToString();
    if (!authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        || !CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.ASCII.GetBytes(authorization[7..])), keyHash))
        return Results.Unauthorized();
    var body = await request.ReadFromJsonAsync<EventBody>();
    if (body?.EventType is not ("viewed" or "downloaded" or "printed"))
        return Results.BadRequest();
    if (!shares.TryGetValue(id, out var share))
        return Results.NotFound();

    // Behind a proxy: the last address is the one that the proxy saw.
    var address = request.Headers["X-Forwarded-For"].ToString() is { Length: > 0 } forwarded
        ? forwarded.Split(',')[^1].Trim()
        : request.HttpContext.Connection.RemoteIpAddress!.ToString();
    var key = (share ?? id, body.EventType, address);
    if (window.TryGetValue(key, out _))
        return Results.Ok(new Answer(false));
    window.Set(key, true, TimeSpan.FromMinutes(5));
    events.Insert(id, body.EventType, share, address, request.Headers.UserAgent, body.Metadata?.GetRawText());
    return Results.Ok(new Answer(true));
});
app.Run();

string Option(string name) => builder.Configuration[name] ?? throw new InvalidOperationException($"--{name} is missing");
