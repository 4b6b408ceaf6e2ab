using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CraftKit.Edge.Cli;
using CraftKit.Edge.Http;
using CraftKit.Edge.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Docs;

/// <summary>What the documents tell people to type and to send is right.</summary>
public sealed partial class ReadmeTests
{
    private static readonly Markdown Readme = new("README.md");

    [Fact]
    public void Its_commands_are_commands_of_the_program()
    {
        var lines = Readme.Blocks("sh").SelectMany(block => block.Split('\n')).ToList();
        var commands = lines.Select(line => Command().Match(line)).Where(match => match.Success).Select(match => Words(match.Groups[1].Value)).ToList();

        Assert.True(commands.Count > 10, $"{commands.Count} commands");
        using var output = new StreamWriter(Stream.Null);
        foreach (var words in commands)
        {
            var fault = Record.Exception(() => EdgeCommandLine.Parse(words, new VerbContext(output)));
            Assert.True(fault is null, $"{string.Join(' ', words)}: {(fault as EdgeException)?.Message}");
        }
    }

    [Fact]
    public void Its_first_two_commands_run_the_demo_and_the_tests()
    {
        var lines = Readme.Blocks("sh").SelectMany(block => block.Split('\n')).Where(line => line.Length > 0).ToList();

        Assert.Equal("dotnet run --project CraftKit.Edge -c Release -- serve --demo", lines[0]);
        Assert.StartsWith("dotnet test CraftKit.Edge.sln", lines.First(line => line.StartsWith("dotnet test", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_event_is_one_that_the_service_takes()
    {
        var body = Readme.Blocks("json").First();

        var read = EventBodyReader.Read(Encoding.UTF8.GetBytes(body));

        Assert.True(read.IsJson);
        Assert.Null(read.Issues);
    }

    [Fact]
    public void The_JSON_of_every_document_is_valid()
    {
        var values = Repository.Documents.Select(path => new Markdown(path)).SelectMany(document =>
            document.Blocks("json").Concat(document.Blocks("jsonl").SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries)))).ToList();

        Assert.True(values.Count > 10, $"{values.Count} values");
        Assert.All(values, value => JsonDocument.Parse(value).Dispose());
    }

    [Fact]
    public void Every_link_of_every_document_leads_somewhere()
    {
        foreach (var path in Repository.Documents)
        {
            foreach (var link in new Markdown(path).Links.Where(link => !link.StartsWith("https://", StringComparison.Ordinal)))
            {
                var parts = link.Split('#');
                var target = parts[0].Length == 0 ? path : Path.Combine(Path.GetDirectoryName(path)!, parts[0]);
                Assert.True(File.Exists(Repository.PathOf(target)), $"{path}: {link} leads nowhere");
                if (parts.Length > 1)
                    Assert.Contains(parts[1], new Markdown(target).Headings.Select(Markdown.AnchorOf));
            }
        }
    }

    [Fact]
    public void Every_document_that_is_named_anywhere_is_there()
    {
        var texts = Repository.Documents.Concat(["deploy/craftkit-edge.service", "deploy/nginx.conf.example", "publish.ps1"])
            .Concat(Repository.Sources("CraftKit.Edge")).Concat(Repository.Sources("CraftKit.Edge.Tests"));
        var known = Repository.Documents.Select(path => Path.GetFileName(path)).ToHashSet();

        Assert.All(texts, path => Assert.Empty(DocumentName().Matches(Repository.Read(path)).Select(match => match.Value).Where(name => !known.Contains(name)).ToList()));
    }

    [Theory]
    [InlineData("/home/")]
    [InlineData("/root/")]
    [InlineData("blazing")]
    [InlineData("seamless")]
    [InlineData("cutting-edge")]
    [InlineData("effortless")]
    [InlineData("coming soon")]
    public void No_document_speaks_of_one_machine_or_sells_anything(string words) => Assert.All(
        Repository.Documents.Concat(["deploy/craftkit-edge.service", "deploy/nginx.conf.example"]),
        path => Assert.DoesNotContain(words, Repository.Read(path), StringComparison.OrdinalIgnoreCase));

    private static List<string> Words(string line) =>
        [.. Word().Matches(line).Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Value)];

    [GeneratedRegex("^(?:craftkit-edge|dotnet run --project CraftKit\\.Edge -c Release --) (.+)$")]
    private static partial Regex Command();

    [GeneratedRegex("\"([^\"]*)\"|\\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\b[A-Z]{3,}\.md\b")]
    private static partial Regex DocumentName();
}
