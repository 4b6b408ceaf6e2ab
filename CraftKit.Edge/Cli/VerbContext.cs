using System.CommandLine;
using System.Text.Json;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary>What the verbs share: the options that each takes, and where results go.</summary>
/// <param name="output">Results for people, and for <c>--json</c>. Errors are thrown, never written.</param>
internal sealed class VerbContext(StreamWriter output)
{
    /// <summary>Which file is the configuration.</summary>
    public Option<string?> Config { get; } = new("--config")
    {
        Description = $"Configuration file; {ConfigurationSources.DefaultFile} in the working folder, if there, when not given",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Which folder holds the data.</summary>
    public Option<string?> Data { get; } = new("--data")
    {
        Description = "Data folder; overrides dataDirectory of the configuration",
        HelpName = "DIR",
        Recursive = true,
    };

    /// <summary>Where results for people go. Flushed at the end of the process.</summary>
    public TextWriter Out => output;

    /// <summary>Where results in bytes go, after what was written to <see cref="Out"/>. Unbuffered.</summary>
    public Stream OutBytes
    {
        get
        {
            output.Flush();
            return output.BaseStream;
        }
    }

    /// <summary>A new <c>--json</c> for one verb.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON", Arity = ArgumentArity.Zero };

    /// <summary>The valid configuration of this command line.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="overrides">Options of the verb that stand for a key, with their values; those without a value do not count.</param>
    /// <exception cref="EdgeException">The configuration has a fault (exit code 2).</exception>
    public EdgeOptions LoadOptions(ParseResult parsed, params IEnumerable<(string Option, string Key, string? Value)> overrides) =>
        LoadOptions(parsed, parsed.GetValue(Config), overrides);

    /// <summary>Likewise, with the configuration file named.</summary>
    /// <exception cref="EdgeException">The configuration has a fault (exit code 2).</exception>
    public EdgeOptions LoadOptions(ParseResult parsed, string? configFile, params IEnumerable<(string Option, string Key, string? Value)> overrides)
    {
        OpenSsl.Require();
        return EdgeOptionsLoader.Load(ConfigurationSources.OfProcess() with
        {
            ConfigFile = configFile,
            CommandLine = [.. overrides.Prepend((Data.Name, "dataDirectory", parsed.GetValue(Data)))
                .Where(given => given.Item3 is not null)
                .Select(given => (given.Item1, given.Item2, given.Item3!))],
        });
    }

    /// <summary>Writes one JSON value and a line break to the results.</summary>
    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(OutBytes))
            write(json);
        output.Write('\n');
    }
}
