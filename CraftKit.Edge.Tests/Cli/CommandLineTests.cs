using System.Text.RegularExpressions;
using CraftKit.Edge.Cli;
using CraftKit.Edge.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Cli;

/// <summary>The command line as it is parsed, before anything runs.</summary>
public sealed partial class CommandLineTests
{
    private static readonly StreamWriter Nowhere = new(Stream.Null);

    [Theory]
    [InlineData("")]
    [InlineData("serve")]
    [InlineData("--demo")]
    [InlineData("--url http://127.0.0.1:0 --admin-url http://127.0.0.1:0 --demo")]
    [InlineData("serve --url http://127.0.0.1:0 --admin-url= --demo --config c --data d")]
    [InlineData("--config c --data d serve")]
    [InlineData("project add Name")]
    [InlineData("project add Name --id p --json")]
    [InlineData("project add @name")]
    [InlineData("project add -- --name")]
    [InlineData("project add [name]")]
    [InlineData("project list --json --data d")]
    [InlineData("project delete p --json")]
    [InlineData("key create --project p --name n --json")]
    [InlineData("key list")]
    [InlineData("key list --project p --json")]
    [InlineData("key revoke k --json")]
    [InlineData("account key create --name n --json")]
    [InlineData("account key list --json")]
    [InlineData("account key revoke k --json")]
    [InlineData("render add r --project p --share s --json")]
    [InlineData("render import f --json")]
    [InlineData("render import -")]
    [InlineData("render list --project p --json")]
    [InlineData("render delete r --json")]
    [InlineData("events export")]
    [InlineData("events export --format csv --project p --render r --since 2026-05-03 --until 2026-05-04 --out f --config c --data d")]
    [InlineData("check --full --json")]
    [InlineData("version --json")]
    [InlineData("completion bash")]
    [InlineData("init")]
    [InlineData("init Name --json --config c --data d")]
    public void A_documented_command_line_is_taken(string line) => Assert.Empty(Parse(line).Errors);

    [Theory]
    [InlineData("bogus", "Unrecognized command or argument 'bogus'; see craftkit-edge --help")]
    [InlineData("projet list", "Unrecognized command or argument 'projet' (did you mean project?); see craftkit-edge --help")]
    [InlineData("project lsit", "Required command was not provided (did you mean list?); see craftkit-edge project --help")]
    [InlineData("serve --dmeo", "Unrecognized command or argument '--dmeo' (did you mean --demo?); see craftkit-edge serve --help")]
    [InlineData("key list --dta d", "Unrecognized command or argument '--dta' (did you mean --data?); see craftkit-edge key list --help")]
    [InlineData("serve --bogus", "Unrecognized command or argument '--bogus'; see craftkit-edge serve --help")]
    [InlineData("project", "Required command was not provided; see craftkit-edge project --help")]
    [InlineData("project add", "Required argument missing for command: 'add'; see craftkit-edge project add --help")]
    [InlineData("project add a b", "Unrecognized command or argument 'b'; see craftkit-edge project add --help")]
    [InlineData("account", "Required command was not provided; see craftkit-edge account --help")]
    [InlineData("account key", "Required command was not provided; see craftkit-edge account key --help")]
    [InlineData("account key revoke", "Required argument missing for command: 'revoke'; see craftkit-edge account key revoke --help")]
    [InlineData("key create", "Option '--project' is required; see craftkit-edge key create --help")]
    [InlineData("render add r", "Option '--project' is required; see craftkit-edge render add --help")]
    [InlineData("render list --project", "Required argument missing for option: '--project'; see craftkit-edge render list --help")]
    [InlineData("key list --project a --project b", "Option '--project' expects a single argument but 2 were provided; see craftkit-edge key list --help")]
    [InlineData("serve --json", "Unrecognized command or argument '--json'; see craftkit-edge serve --help")]
    [InlineData("--url http://127.0.0.1:0 project list", "--url must stand after the command it belongs to; see craftkit-edge project list --help")]
    [InlineData("--demo serve", "--demo must stand after the command it belongs to; see craftkit-edge serve --help")]
    [InlineData("check --data", "Required argument missing for option: '--data'; see craftkit-edge check --help")]
    public void A_wrong_command_line_is_one_line_and_exit_code_2(string line, string message)
    {
        var refusal = Assert.Throws<EdgeException>(() => Parse(line));
        Assert.Equal(2, refusal.ExitCode);
        Assert.Equal(message, refusal.Message);
    }

    [Fact]
    public void Every_example_of_the_help_is_a_command_line()
    {
        foreach (var (command, line) in HelpExamples.Commands.SelectMany(command => HelpExamples.Of(command).Select(example => (command, example.Line))))
        {
            // What a shell would take for itself does not reach the program.
            var words = Words().Matches(line.Split(['|', '>', '<'])[0]).Select(word => word.Value.Trim('"'));
            var parsed = EdgeCommandLine.Parse([.. words], new VerbContext(Nowhere));
            Assert.StartsWith(command, string.Join(' ', CommandNames.Below(parsed.CommandResult)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_command_has_examples()
    {
        Visit(EdgeCommandLine.Parse([], new VerbContext(Nowhere)).RootCommandResult.Command, "");

        static void Visit(System.CommandLine.Command command, string name)
        {
            Assert.True(command.Hidden || HelpExamples.Of(name).Count != 0, $"\"{name}\" has none");
            foreach (var verb in command.Subcommands)
                Visit(verb, name.Length == 0 ? verb.Name : $"{name} {verb.Name}");
        }
    }

    [Theory]
    [InlineData("", "project")]
    [InlineData("pro", "project")]
    [InlineData("project ", "add")]
    [InlineData("project add --i", "--id")]
    [InlineData("events export --format ", "csv")]
    [InlineData("--config c serve --d", "--demo")]
    [InlineData("completion ", "zsh")]
    public void A_line_is_completed(string line, string word)
    {
        var completions = CompletionVerb.Complete((System.CommandLine.RootCommand)EdgeCommandLine.Parse([], new VerbContext(Nowhere)).RootCommandResult.Command, "craftkit-edge " + line).ToList();
        Assert.Contains(word, completions.Select(completion => completion.Label));
        Assert.DoesNotContain("complete", completions.Select(completion => completion.Label));
        Assert.All(completions, completion => Assert.False(completion.Label.StartsWith('/'), completion.Label));
    }

    [GeneratedRegex("\"[^\"]*\"|[^ ]+")]
    private static partial Regex Words();

    private static System.CommandLine.ParseResult Parse(string line) =>
        EdgeCommandLine.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), new VerbContext(Nowhere));
}
