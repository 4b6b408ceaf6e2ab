using CraftKit.Edge.Storage;
using CraftKit.Edge.Tests.Catalog;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CraftKit.Edge.Tests.Storage;

public sealed class WriterPaceTests
{
    private const long Capacity = 64 << 20;
}
