using System.CommandLine;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary><c>completion</c>: prints what makes a shell complete this program's command lines. The shell asks back through the hidden
/// <c>complete</c>, so what it knows is never older than the program.</summary>
internal static class CompletionVerb
{
    private const string Ask = "complete";

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _craftkit_edge() {
              local IFS=$'\n'
              COMPREPLY=($(craftkit-edge complete --shell bash -- "${COMP_LINE:0:COMP_POINT}" 2>/dev/null))
            }
            complete -o default -F _craftkit_edge craftkit-edge
            """,
        ["zsh"] = """
            #compdef craftkit-edge
            _craftkit-edge() {
              local -a found
              found=("${(@f)$(craftkit-edge complete --shell zsh -- "${(j: :)words[1,CURRENT]}" 2>/dev/null)}")
              if [[ -n "${found[1]}" ]]; then _describe 'craftkit-edge' found; else _files; fi
            }
            if [[ "${funcstack[1]}" == _craftkit-edge ]]; then _craftkit-edge; else compdef _craftkit-edge craftkit-edge; fi
            """,
        ["fish"] = """
            function __craftkit_edge
              set -l found (craftkit-edge complete --shell fish -- (commandline -cp) 2>/dev/null)
              if test (count $found) -gt 0
                printf '%s\n' $found
              else
                __fish_complete_path (commandline -ct)
              end
            end
            complete -c craftkit-edge -f -a '(__craftkit_edge)'
            """,
    };

    /// <summary>The command that prints a script.</summary>
    public static Command Create(VerbContext context)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.CompletionSources.Add([.. Scripts.Keys]);
        var command = new Command("completion", "Print a script that completes command lines in a shell") { shell };
        command.SetAction(parsed => context.Out.WriteLine(Scripts.TryGetValue(parsed.GetValue(shell)!, out var script)
            ? script.ReplaceLineEndings("\n")
            : throw new EdgeException($"\"{parsed.GetValue(shell)}\" is none of {string.Join(", ", Scripts.Keys)}", ConfigurationFault.ExitCode)));
        return command;
    }

    /// <summary>The command that the scripts call.</summary>
    /// <param name="context">Where the answers go.</param>
    /// <param name="createRoot">Makes the tree that is completed.</param>
    public static Command CreateAsk(VerbContext context, Func<VerbContext, RootCommand> createRoot)
    {
        var shell = new Option<string>("--shell") { Description = "bash, zsh or fish" };
        var line = new Argument<string>("LINE") { Description = "The line up to the cursor, the program's name included" };
        var command = new Command(Ask, "Answer a shell that completes a line") { shell, line };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            foreach (var (label, meaning) in Complete(createRoot(context), parsed.GetValue(line)!))
            {
                context.Out.WriteLine((parsed.GetValue(shell), meaning) switch
                {
                    ("zsh", not null) => $"{label.Replace(":", "\\:", StringComparison.Ordinal)}:{meaning}",
                    ("fish", not null) => $"{label}\t{meaning}",
                    _ => label,
                });
            }
        });
        return command;
    }

    /// <summary>What may stand at the end of a line, with its meaning.</summary>
    internal static IEnumerable<(string Label, string? Meaning)> Complete(RootCommand root, string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var rest = space < 0 ? "" : line[(space + 1)..];
        var word = rest[(rest.LastIndexOf(' ') + 1)..];
        return root.Parse(rest).GetCompletions(rest.Length)
            // -? and the forms of Windows are known to who wants them. Options come with their dash: offered at once, they would keep the shell from
            // naming files.
            .Where(item => !item.Label.StartsWith('/') && item.Label != "-?" && (word.Length > 0 || !item.Label.StartsWith('-')))
            .Where(item => item.Label.StartsWith(word, StringComparison.Ordinal))
            .Select(item => (item.Label, item.Detail?.ReplaceLineEndings(" ")));
    }
}
