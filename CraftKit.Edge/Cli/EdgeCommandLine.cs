using System.CommandLine;
using System.CommandLine.Help;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary>The command line: the tree of verbs, and the run of the one that was given.</summary>
internal static class EdgeCommandLine
{
    /// <summary>The name that users call us by.</summary>
    public const string ProgramName = "craftkit-edge";

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code: 0 done, 1 failed.</returns>
    /// <exception cref="EdgeException">What the operator must be told in one line, with the exit code.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, StreamWriter output)
    {
        var parsed = Parse(arguments, new VerbContext(output));
        var invocation = new InvocationConfiguration
        {
            Output = output,
            EnableDefaultExceptionHandler = false,
            // The library would end the process two seconds after a signal; a server drains for longer (ServeVerb listens itself), and any
            // other command may just die, since what it changes is in transactions.
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(invocation).ConfigureAwait(false);
    }

    /// <summary>Parses a command line without running it.</summary>
    /// <exception cref="EdgeException">It has a fault (exit code 2).</exception>
    public static ParseResult Parse(IReadOnlyList<string> arguments, VerbContext context)
    {
        // The library passes over a first word in brackets, as a directive to itself.
        if (arguments is [['[', .., ']'] directive, ..])
            throw new EdgeException($"Unrecognized command or argument '{directive}'; see {ProgramName} --help", ConfigurationFault.ExitCode);
        var root = CreateRoot(context);

        // Response files are off: a project's name may well begin with an @. So are bundles of short options, of which there are none: an id may
        // begin with -h.
        var parsed = root.Parse(WithEmptyValues(arguments), new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (parsed.Errors.Count != 0)
            throw Usage(parsed, parsed.Errors[0].Message, Meant(parsed));
        if (parsed.CommandResult.Command != root && root.Options.FirstOrDefault(option => !option.Recursive && IsGiven(parsed, option)) is { } misplaced)
            throw Usage(parsed, $"{misplaced.Name} must stand after the command it belongs to");
        return parsed;
    }

    /// <summary>Parts <c>--share=</c> in two, of which the second is empty: the library would take the next argument for the value.</summary>
    private static List<string> WithEmptyValues(IReadOnlyList<string> arguments)
    {
        var result = new List<string>(arguments.Count + 1);
        var isVerbatim = false;
        foreach (var argument in arguments)
        {
            isVerbatim |= argument == "--";
            if (!isVerbatim && argument.StartsWith("--", StringComparison.Ordinal) && argument.IndexOf('=', StringComparison.Ordinal) == argument.Length - 1)
                result.AddRange([argument[..^1], ""]);
            else
                result.Add(argument);
        }

        return result;
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static EdgeException Usage(ParseResult parsed, string message, string? meant = null)
    {
        var question = meant is null ? "" : $" (did you mean {meant}?)";
        var command = string.Join(' ', CommandNames.Below(parsed.CommandResult).Prepend(ProgramName));
        return new EdgeException($"{message.TrimEnd('.')}{question}; see {command} --help", ConfigurationFault.ExitCode);
    }

    /// <summary>The command or option that was mistyped, if the first thing that is not known looks like one.</summary>
    private static string? Meant(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is not [var typed, ..])
            return null;
        var command = parsed.CommandResult.Command;
        return Spelling.Nearest(typed, typed.StartsWith('-')
            ? command.Options.Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive)).Select(option => option.Name)
            : command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name));
    }

    private static RootCommand CreateRoot(VerbContext context)
    {
        var root = new RootCommand("CraftKit.Edge records partner-side engagement events on premises. Without a command it serves.")
        {
            context.Config,
            context.Data,
            ServeVerb.Create(context),
            InitVerb.Create(context),
            new Command("project", "Projects, the owners of keys and renders")
            {
                ProjectAddVerb.Create(context),
                ProjectListVerb.Create(context),
                ProjectDeleteVerb.Create(context),
            },
            new Command("key", "The API keys of projects")
            {
                KeyCreateVerb.Create(context),
                KeyListVerb.Create(context),
                KeyRevokeVerb.Create(context),
            },
            new Command("account", "Access to the admin plane")
            {
                new Command("key", "The account keys, which open the admin plane")
                {
                    AccountKeyCreateVerb.Create(context),
                    AccountKeyListVerb.Create(context),
                    AccountKeyRevokeVerb.Create(context),
                },
            },
            new Command("render", "The renders that events may be recorded for")
            {
                RenderAddVerb.Create(context),
                RenderImportVerb.Create(context),
                RenderListVerb.Create(context),
                RenderDeleteVerb.Create(context),
            },
            ExportVerb.CreateGroup(context),
            CheckVerb.Create(context),
            VersionVerb.Create(context),
            CompletionVerb.Create(context),
            CompletionVerb.CreateAsk(context, CreateRoot),
        };
        ServeVerb.Define(root, context);
        root.Directives.Clear();
        var help = root.Options.OfType<HelpOption>().Single();
        var page = (HelpAction)help.Action!;
        page.MaxWidth = StandardStream.OutputColumns;
        help.Action = new HelpPage(page, TerminalStyle.OfOutput());
        root.Options.OfType<VersionOption>().Single().Action = new VersionVerb.PrintVersion(context);
        return root;
    }
}
