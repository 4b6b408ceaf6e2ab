using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CraftKit.Edge.Cli;
using CraftKit.Edge.Configuration;
using Xunit;

namespace CraftKit.Edge.Tests.Docs;

/// <summary>The reference is complete: what the program knows stands in it.</summary>
public sealed partial class ReferenceTests
{
    private static readonly Markdown Reference = new("docs/API.md");
    private static readonly Markdown Readme = new("README.md");

    [Fact]
    public void Every_configuration_key_stands_in_the_README_and_in_the_reference()
    {
        var keys = ConfigurationKeys.All.Select(key => key.Name).ToList();

        Assert.NotEmpty(keys);
        Assert.Empty(keys.Except(Readme.Spans));
        Assert.Empty(keys.Except(Reference.Spans));
    }

    [Fact]
    public void The_defaults_of_both_are_those_of_the_example_configuration()
    {
        using var example = JsonDocument.Parse(Repository.Read("config.example.json"));
        var defaults = ConfigurationKeys.All.Select(key => (key.Name, Text: DefaultOf(example.RootElement, key.Name))).Where(key => key.Text.Length > 0).ToList();

        Assert.NotEmpty(defaults);
        Assert.Empty(defaults.Where(key => !Readme.Rows.Any(row => row[0] == $"`{key.Name}`" && row[1] == $"`{key.Text}`")).ToList());
        Assert.Empty(defaults.Where(key => !Reference.Rows.Any(row => row[0] == $"`{key.Name}`" && row[2] == $"`{key.Text}`")).ToList());
    }

    [Fact]
    public void Every_command_and_option_stands_in_the_reference()
    {
        using var output = new StreamWriter(Stream.Null);
        var root = EdgeCommandLine.Parse(["--help"], new VerbContext(output)).RootCommandResult.Command;
        var commands = Leaves(root, "").ToList();

        Assert.Contains(commands, command => command.Path == "events export");
        commands.RemoveAll(command => command.Command.Hidden);
        foreach (var (path, command) in commands)
        {
            Assert.True(Reference.Spans.Any(span => span == path || span.StartsWith(path + " ", StringComparison.Ordinal)), $"docs/API.md lacks {path}");
            foreach (var option in command.Options)
                Assert.True(Reference.Text.Contains(option.Name, StringComparison.Ordinal), $"docs/API.md lacks {option.Name} of {path}");
        }
    }

    [Fact]
    public void Every_error_that_the_program_answers_stands_in_the_reference()
    {
        var errors = Repository.Sources("CraftKit.Edge/Http")
            .SelectMany(path => Error().Matches(Repository.Read(path)))
            .Select(match => (Status: match.Groups[1].Value, Code: match.Groups[2].Value))
            .Distinct()
            .ToList();

        Assert.Contains(("503", "queue_unavailable"), errors);
        Assert.Empty(errors.Where(error => !Reference.Rows.Any(row => row[0] == error.Status && row[1] == $"`{error.Code}`")).ToList());
    }

    [Fact]
    public void Every_metric_stands_in_the_reference_with_its_type_and_no_other_does()
    {
        var served = Repository.Sources("CraftKit.Edge")
            .SelectMany(path => Metric().Matches(Repository.Read(path)))
            .Select(match => (Name: match.Groups[2].Value, Type: match.Groups[1].Value.ToLowerInvariant()))
            .ToList();

        Assert.Contains(("craftkit_edge_events_recorded_total", "counter"), served);
        Assert.Equal(
            served.Select(metric => $"{metric.Name} {metric.Type}").Order(StringComparer.Ordinal),
            Reference.Rows.Where(row => row[0].StartsWith("`craftkit_edge_", StringComparison.Ordinal)).Select(row => $"{row[0].Trim('`')} {row[1]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_reason_not_to_be_ready_stands_in_both()
    {
        var reasons = Repository.Sources("CraftKit.Edge/Service")
            .SelectMany(path => Reason().Matches(Repository.Read(path)))
            .Select(match => match.Groups[1].Value)
            .ToList();

        Assert.Contains("shutting down", reasons);
        Assert.Empty(reasons.Except(Reference.Spans));
        Assert.Empty(reasons.Except(Readme.Spans));
    }

    [Fact]
    public void Every_section_that_the_code_refers_to_is_there()
    {
        var references = Repository.Sources("CraftKit.Edge").Concat(Repository.Sources("CraftKit.Edge.Tests"))
            .SelectMany(path => Section().Matches(Repository.Read(path)).Select(match => (Page: match.Groups[1].Value, Heading: match.Groups[2].Value)))
            .Distinct()
            .ToList();

        Assert.NotEmpty(references);
        Assert.Empty(references.Where(reference => !new Markdown(reference.Page).Headings.Contains(reference.Heading)).ToList());
    }

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [(path, command)]
        : command.Subcommands.SelectMany(inner => Leaves(inner, path.Length == 0 ? inner.Name : $"{path} {inner.Name}"));

    private static string DefaultOf(JsonElement configuration, string key)
    {
        var value = key.Split('.').Aggregate(configuration, (element, name) => element.GetProperty(name));
        return value.ValueKind == JsonValueKind.String ? value.GetString()!
            : value.ValueKind == JsonValueKind.Number ? value.GetInt64().ToString(CultureInfo.InvariantCulture)
            : value.GetRawText();
    }

    [GeneratedRegex("""StatusCodes\.Status(\d{3})\w*,\s*"([a-z_]+)""")]
    private static partial Regex Error();

    [GeneratedRegex("""\.(Counter|Gauge|Histogram)\(\s*"(craftkit_edge_\w+)""")]
    private static partial Regex Metric();

    [GeneratedRegex("""reasons\.Add\("([^"]+)"\)""")]
    private static partial Regex Reason();

    [GeneratedRegex("""(docs/(?:API|ARCHITECTURE)\.md), "([^"]+)""")]
    private static partial Regex Section();
}
