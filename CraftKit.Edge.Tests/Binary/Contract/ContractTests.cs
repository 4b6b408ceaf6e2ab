using Xunit;

namespace CraftKit.Edge.Tests.Binary.Contract;

/// <summary>openapi.yaml says what the service does, and the service does nothing that openapi.yaml does not say.</summary>
public sealed class ContractTests(ContractWalk walk) : IClassFixture<ContractWalk>
{
    /// <summary>Statuses that nobody can provoke from outside, and why.</summary>
    private static readonly Dictionary<(string Operation, string Status), string> Unprovoked = [];

    /// <summary>Codes that nobody can provoke from outside, and why.</summary>
    private static readonly Dictionary<string, string> UnprovokedCodes = new()
    {
        ["internal"] = "a fault of the service is nothing that a request could bring about",
        ["length_required"] = "the server takes a body without a length for an empty one; it keeps the refusal for upgraded connections",
    };

    [Fact]
    public void Every_request_and_every_answer_is_as_described() => Assert.True(walk.Client.Faults.Count == 0, string.Join('\n', walk.Client.Faults));

    [Fact]
    public void Every_status_of_every_operation_was_answered()
    {
        var declared = walk.Document.Operations.SelectMany(operation => operation.Responses.Keys.Select(status => (Operation: operation.Id, Status: status))).ToHashSet();

        Assert.NotEmpty(declared);
        Assert.Equal(
            Unprovoked.Keys.Select(one => $"{one.Operation} {one.Status}").Order(),
            declared.Except(walk.Client.Seen).Select(one => $"{one.Operation} {one.Status}").Order());
    }

    [Fact]
    public void Every_code_was_answered()
    {
        var declared = walk.Document.Root["components"]!["schemas"]!["Fault"]!["properties"]!["code"]!["enum"]!.AsArray().Select(code => code!.GetValue<string>());

        Assert.Equal(UnprovokedCodes.Keys.Order(), declared.Except(walk.Client.Codes).Order());
    }

    [Fact]
    public void The_version_is_that_of_the_program() =>
        Assert.Equal(typeof(CraftKit.Edge.Http.EdgeServer).Assembly.GetName().Version!.ToString(3), walk.Document.Root["info"]!["version"]!.GetValue<string>());
}
