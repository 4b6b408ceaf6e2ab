using Xunit;

namespace CraftKit.Edge.Tests.Binary.Dashboard;

/// <summary>The tests of the dashboard, which share a browser and a serving process.</summary>
[CollectionDefinition(Name)]
public sealed class InBrowser : ICollectionFixture<ServedDashboard>
{
    public const string Name = "dashboard";
}
