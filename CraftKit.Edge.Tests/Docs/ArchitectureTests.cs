using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace CraftKit.Edge.Tests.Docs;

/// <summary>The architecture page is true: what it names is there.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Markdown Page = new("docs/ARCHITECTURE.md");

    /// <summary>Names in backticks that look like types and are not ours.</summary>
    private static readonly HashSet<string> Foreign = ["TimeProvider", "MemoryDenyWriteExecute"];

    [Fact]
    public void Every_folder_that_it_names_is_there()
    {
        var folders = Page.Spans.Where(span => Folder().IsMatch(span)).Distinct().ToList();

        Assert.Contains("CraftKit.Edge/Journal", folders);
        Assert.Empty(folders.Where(folder => !Directory.Exists(Repository.PathOf(folder))).ToList());
    }

    [Fact]
    public void Every_folder_of_the_program_is_on_the_map()
    {
        var folders = Repository.Sources("CraftKit.Edge")
            .Select(path => Path.GetDirectoryName(path)!.Replace('\\', '/'))
            .Where(folder => folder != "CraftKit.Edge")
            .Distinct()
            .ToList();

        Assert.NotEmpty(folders);
        Assert.Empty(folders.Except(Page.Spans));
    }

    [Fact]
    public void Every_type_and_test_class_that_it_names_is_there()
    {
        var declared = Repository.Sources("CraftKit.Edge").Concat(Repository.Sources("CraftKit.Edge.Tests"))
            .SelectMany(path => Declaration().Matches(Repository.Read(path)).Select(match => match.Groups[1].Value))
            .ToHashSet();
        var named = Page.Spans.Where(span => TypeName().IsMatch(span)).Select(span => span.Split('.')[0]).Distinct().Except(Foreign).ToList();

        Assert.Contains("JournalFile", named);
        Assert.Contains("CrashTests", named);
        Assert.Empty(named.Where(name => !declared.Contains(name)).ToList());
    }

    [Fact]
    public void Every_member_that_it_names_is_there()
    {
        var sources = Repository.Sources("CraftKit.Edge").ToLookup(path => Path.GetFileNameWithoutExtension(path));
        var named = Page.Spans.Where(span => TypeName().IsMatch(span) && span.Contains('.', StringComparison.Ordinal)).Distinct().ToList();

        Assert.Contains("EdgeService.Record", named);
        Assert.Empty(named.Where(name => name.Split('.') is var parts
            && !sources[parts[0]].Any(path => Regex.IsMatch(Repository.Read(path), $@"\b(public|internal) [^\n]*\b{parts[1]}\b"))).ToList());
    }

    [Fact]
    public void Every_invariant_names_who_keeps_it_and_who_tests_it()
    {
        var invariants = Page.Rows.Where(row => row.Length == 4 && int.TryParse(row[0], out _)).ToList();

        Assert.Equal(Enumerable.Range(1, invariants.Count), invariants.Select(row => int.Parse(row[0], CultureInfo.InvariantCulture)));
        Assert.True(invariants.Count >= 12, $"{invariants.Count} invariants");
        Assert.All(invariants, row => Assert.Contains("Tests`", row[3], StringComparison.Ordinal));
        Assert.All(invariants, row => Assert.StartsWith("`", row[2], StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^(CraftKit\.Edge[\w.]*(/\w+)*|deploy)$")]
    private static partial Regex Folder();

    [GeneratedRegex(@"^[A-Z][a-zA-Z]*[a-z][A-Z][a-zA-Z]*(\.[A-Z][A-Za-z]+)?$")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\b(?:class|struct|record|enum|interface)(?: struct| class)? ([A-Z]\w+)")]
    private static partial Regex Declaration();
}
