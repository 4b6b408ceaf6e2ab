using System.Text.Json;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Tests.Platform;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CraftKit.Edge.Tests.Configuration;

public sealed class LoadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_any_source_the_defaults_stand()
    {
        var options = Load();
        Assert.Equal(new EdgeOptions { DataDirectory = _folder["data"] }.ToString(), options.ToString());
        Assert.Equal("http://127.0.0.1:8080", options.Url);
        Assert.Equal("http://127.0.0.1:8081", options.AdminUrl);
        Assert.Equal(65536, options.MaxBodyBytes);
        Assert.Equal(Durability.Journal, options.Durability);
        Assert.Equal(8388608, options.Bulk.MaxBodyBytes);
        Assert.Equal(TimeSpan.FromMinutes(5), options.Dedupe.Window);
        Assert.Equal(67108864, options.Journal.CapacityBytes);
        Assert.Equal(TimeSpan.FromSeconds(1), options.Journal.FlushInterval);
        Assert.Equal(LogLevel.Information, options.Log.Level);
    }

    [Fact]
    public void The_file_sets_every_key()
    {
        var options = Load("""
            {
              "url": "http://0.0.0.0:9000", "adminUrl": "http://10.0.0.1:9001", "adminInsecure": true, "dataDirectory": "/srv/edge",
              "trustedProxies": ["10.0.0.0/8", "2001:db8::1"], "maxBodyBytes": 1024, "durability": "fsync",
              "bulk": { "maxBodyBytes": 2048 }, "dedupe": { "window": "00:00:30", "maxKeys": 1234 },
              "journal": { "capacityBytes": 1048576, "flushInterval": "00:00:00.050" },
              "retention": { "days": 0 }, "tls": { "certificate": "", "key": "" }, "log": { "level": "Warning", "format": "json" }
            }
            """);
        Assert.Equal("http://0.0.0.0:9000", options.Url);
        Assert.Equal("http://10.0.0.1:9001", options.AdminUrl);
        Assert.True(options.AdminInsecure);
        Assert.Equal("/srv/edge", options.DataDirectory);
        Assert.Equal(["10.0.0.0/8", "2001:db8::1"], options.TrustedProxies);
        Assert.Equal(1024, options.MaxBodyBytes);
        Assert.Equal(Durability.Fsync, options.Durability);
        Assert.Equal(2048, options.Bulk.MaxBodyBytes);
        Assert.Equal(TimeSpan.FromSeconds(30), options.Dedupe.Window);
        Assert.Equal(1234, options.Dedupe.MaxKeys);
        Assert.Equal(1234, options.Dedupe.KeyLimit);
        Assert.Equal(1048576, options.Journal.CapacityBytes);
        Assert.Equal(TimeSpan.FromMilliseconds(50), options.Journal.FlushInterval);
        Assert.Equal(LogLevel.Warning, options.Log.Level);
        Assert.Equal(LogFormat.Json, options.Log.Format);
    }

    [Fact]
    public void The_environment_overlays_the_file_and_the_command_line_overlays_both()
    {
        var options = Load(
            """{ "url": "http://127.0.0.1:1", "adminUrl": "http://127.0.0.1:2", "maxBodyBytes": 1000, "log": { "level": "Error" } }""",
            environment: [("CRAFTKIT_EDGE__URL", "http://127.0.0.1:3"), ("CRAFTKIT_EDGE__ADMINURL", "http://127.0.0.1:4"), ("craftkit_edge__Log__level", "debug")],
            commandLine: [("--url", "url", "http://127.0.0.1:5")]);
        Assert.Equal("http://127.0.0.1:5", options.Url);
        Assert.Equal("http://127.0.0.1:4", options.AdminUrl);
        Assert.Equal(1000, options.MaxBodyBytes);
        Assert.Equal(LogLevel.Debug, options.Log.Level);
    }

    [Theory]
    [InlineData("CRAFTKIT_EDGE__TRUSTEDPROXIES", "192.0.2.1, 192.0.2.2")]
    [InlineData("CRAFTKIT_EDGE__TRUSTEDPROXIES__1", "192.0.2.2", "CRAFTKIT_EDGE__TRUSTEDPROXIES__0", "192.0.2.1")]
    public void A_list_in_the_environment_replaces_the_one_in_the_file(params string[] variables) =>
        Assert.Equal(
            ["192.0.2.1", "192.0.2.2"],
            Load("""{ "trustedProxies": ["10.0.0.1", "10.0.0.2", "10.0.0.3"] }""", [.. variables.Chunk(2).Select(pair => (pair[0], pair[1]))]).TrustedProxies);

    [Fact]
    public void An_empty_list_in_the_environment_empties_the_one_in_the_file() =>
        Assert.Empty(Load("""{ "trustedProxies": ["10.0.0.1"] }""", [("CRAFTKIT_EDGE__TRUSTEDPROXIES", "")]).TrustedProxies);

    [Fact]
    public void A_relative_path_in_the_file_is_relative_to_the_files_folder()
    {
        Directory.CreateDirectory(_folder["etc"]);
        File.WriteAllText(_folder["etc/edge.json"], """{ "dataDirectory": "../var" }""");
        Assert.Equal(_folder["var"], Load(configFile: "etc/edge.json").DataDirectory);
    }

    [Fact]
    public void A_relative_path_elsewhere_is_relative_to_the_working_folder()
    {
        Directory.CreateDirectory(_folder["etc"]);
        File.WriteAllText(_folder["etc/edge.json"], "{}");
        Assert.Equal(_folder["x"], Load(configFile: "etc/edge.json", environment: [("CRAFTKIT_EDGE__DATADIRECTORY", "x")]).DataDirectory);
        Assert.Equal(_folder["y"], Load(configFile: "etc/edge.json", commandLine: [("--data", "dataDirectory", "y")]).DataDirectory);
        Assert.Equal(_folder["data"], Load(configFile: "etc/edge.json").DataDirectory);
    }

    [Fact]
    public void A_byte_order_mark_is_let_pass() => Assert.Equal(512, Load("\uFEFF{ \"maxBodyBytes\": 512 }").MaxBodyBytes);

    [Theory]
    [InlineData("0")]
    [InlineData("null")]
    public void No_number_of_keys_is_derived_from_the_machine(string given)
    {
        var options = Load($$"""{ "dedupe": { "maxKeys": {{given}} } }""");
        Assert.Equal(0, options.Dedupe.MaxKeys);
        Assert.Equal(Math.Max(100_000, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 128), options.Dedupe.KeyLimit);
    }

    [Fact]
    public void The_example_is_the_defaults()
    {
        var example = ExamplePath();
        var options = EdgeOptionsLoader.Load(new ConfigurationSources { ConfigFile = example, WorkingFolder = _folder.FolderPath, Environment = [] });
        Assert.Equal(new EdgeOptions { DataDirectory = Path.Combine(Path.GetDirectoryName(example)!, "data") }.ToString(), options.ToString());
        Assert.Empty(options.TrustedProxies);
    }

    [Fact]
    public void The_example_shows_every_key_and_every_key_is_a_property()
    {
        using var example = JsonDocument.Parse(File.ReadAllBytes(ExamplePath()));
        var shown = Leaves(example.RootElement, "").ToList();
        Assert.Equal(ConfigurationKeys.All.Select(key => key.Name).Order(), shown.Order());
        Assert.Equal(Properties(typeof(EdgeOptions), "").Order(), shown.Order());
    }

    private static IEnumerable<string> Leaves(JsonElement element, string prefix) => element.EnumerateObject().SelectMany(property =>
        property.Value.ValueKind == JsonValueKind.Object ? Leaves(property.Value, prefix + property.Name + ".") : [prefix + property.Name]);

    private static IEnumerable<string> Properties(Type type, string prefix) => type.GetProperties().Where(property => property.CanWrite).SelectMany(property =>
    {
        var name = prefix + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        return property.PropertyType.Name.EndsWith("Section", StringComparison.Ordinal) ? Properties(property.PropertyType, name + ".") : [name];
    });

    private static string ExamplePath()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "config.example.json");
            if (File.Exists(path))
                return path;
        }

        throw new FileNotFoundException("config.example.json stands in no folder above the tests");
    }

    private EdgeOptions Load(
        string? json = null,
        (string Name, string Value)[]? environment = null,
        (string, string, string)[]? commandLine = null,
        string? configFile = null)
    {
        if (json is not null)
            File.WriteAllText(_folder["config.json"], json);
        return EdgeOptionsLoader.Load(new ConfigurationSources
        {
            ConfigFile = configFile,
            WorkingFolder = _folder.FolderPath,
            Environment = [.. (environment ?? []).Select(variable => KeyValuePair.Create(variable.Name, variable.Value))],
            CommandLine = commandLine ?? [],
        });
    }
}
