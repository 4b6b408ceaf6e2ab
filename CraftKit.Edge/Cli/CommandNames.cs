using System.CommandLine.Parsing;

namespace CraftKit.Edge.Cli;

/// <summary>What a command is called.</summary>
internal static class CommandNames
{
    /// <summary>The names that were typed to come to a command, without the program's.</summary>
    public static IEnumerable<string> Below(CommandResult result)
    {
        var names = new Stack<string>();
        for (; result.Parent is CommandResult parent; result = parent)
            names.Push(result.Command.Name);
        return names;
    }
}
