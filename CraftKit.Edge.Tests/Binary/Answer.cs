using System.Text.Json;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>An answer of the data plane.</summary>
internal sealed record Answer(int Status, string Head, string Body)
{
    public bool IsRecorded => Status == 200 && Body == """{"recorded":true}""";

    public bool IsDuplicate => Status == 200 && Body == """{"recorded":false}""";

    /// <summary>Fails unless this is the refusal that docs/API.md gives for a journal without room.</summary>
    public void AssertUnavailable()
    {
        Assert.True(Status == 503, ToString());
        Assert.Matches("\r\n[Rr]etry-[Aa]fter: [1-9][0-9]*\r\n", Head);
        Assert.Contains("\r\nContent-Type: application/json\r\n", Head, StringComparison.OrdinalIgnoreCase);
        using var body = JsonDocument.Parse(Body);
        Assert.Equal(["error"], body.RootElement.EnumerateObject().Select(member => member.Name));
        var error = body.RootElement.GetProperty("error");
        Assert.Equal(["code", "message"], error.EnumerateObject().Select(member => member.Name));
        Assert.Equal("queue_unavailable", error.GetProperty("code").GetString());
    }
}
