using CraftKit.Edge.Tests.Journal;

/// <summary>What the runtime calls before Main in a process that <see cref="JournalChild"/> started; the name and the missing
/// namespace are what it looks for. (A module initializer would not do: other threads wait until it has ended.)</summary>
internal static class StartupHook
{
    public static void Initialize() => JournalChild.RunAndExit();
}
