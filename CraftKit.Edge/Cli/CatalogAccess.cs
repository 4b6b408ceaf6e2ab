using System.CommandLine;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Cli;

/// <summary>How the verbs reach the catalog of the data folder.</summary>
internal static class CatalogAccess
{
    /// <summary>Opens the catalog that a command line means, creating folder and catalog when they are not there.</summary>
    /// <exception cref="EdgeException">The configuration, the folder or the catalog has a fault.</exception>
    public static CatalogStore OpenCatalog(this VerbContext context, ParseResult parsed) => OpenCatalog(context.LoadOptions(parsed));

    /// <summary>Likewise, of a configuration.</summary>
    /// <exception cref="EdgeException">The folder or the catalog has a fault.</exception>
    public static CatalogStore OpenCatalog(EdgeOptions options)
    {
        var folder = DataFolder.Open(options.DataDirectory);
        return CatalogStore.Open(folder.FolderPath, TimeProvider.System);
    }

    /// <summary>When the keys of the data folder were last used, to the minute and a few seconds behind; of a key that never was, nothing.</summary>
    /// <exception cref="EdgeException">The configuration, the folder or <c>events.db</c> has a fault.</exception>
    public static IReadOnlyDictionary<string, DateTimeOffset> ReadKeyUses(this VerbContext context, ParseResult parsed) =>
        KeyUseTable.Read(DataFolder.Open(context.LoadOptions(parsed).DataDirectory).EventsPath);

    /// <summary>The value of an operation.</summary>
    /// <exception cref="EdgeException">There is none: exit code 2 when what was typed can name nothing, otherwise 1.</exception>
    public static T OrFail<T>(this CatalogResult<T> result) => result.Fault switch
    {
        CatalogFault.None => result.Value,
        CatalogFault.InvalidId or CatalogFault.InvalidName => throw new EdgeException(result.Message, ConfigurationFault.ExitCode),
        _ => throw new EdgeException(result.Message),
    };
}
