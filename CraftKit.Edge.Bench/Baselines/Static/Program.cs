// The endpoint that does nothing: a minimal API on Kestrel's defaults that answers the same body to the same route. It reads neither key nor
// body, knows no render and remembers nothing; what it costs is what any endpoint on this server pays.
// Options are those of the host: --urls URL, and for https --Kestrel:Certificates:Default:Path FILE and KeyPath FILE.
var builder = WebApplication.CreateSlimBuilder(args);

// Without a settings file the host would write two lines a request to the console.
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseKestrelHttpsConfiguration();
var app = builder.Build();
app.MapPost("/v1/renders/{id}/events", () => Results.Text("""{"recorded":false}"""u8, "application/json"));

// What it has allocated since its start, for the comparison of that.
app.MapGet("/allocated", () => GC.GetTotalAllocatedBytes().ToString(System.Globalization.CultureInfo.InvariantCulture));
app.Run();
