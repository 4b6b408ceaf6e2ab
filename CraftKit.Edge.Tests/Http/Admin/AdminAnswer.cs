using System.Text.Json;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

/// <summary>An answer of the admin plane.</summary>
internal sealed record AdminAnswer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The JSON, which the answer must be.</summary>
    public JsonElement Json
    {
        get
        {
            Assert.Equal("application/json", Headers["Content-Type"]);
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.Clone();
        }
    }

    /// <summary>The names of the members, in the order of the answer.</summary>
    public IEnumerable<string> Members => Json.EnumerateObject().Select(member => member.Name);

    /// <summary>The code of an error, whose body must have exactly the members that docs/API.md gives.</summary>
    public string Code
    {
        get
        {
            Assert.Equal(["error"], Members);
            var error = Json.GetProperty("error");
            var code = error.GetProperty("code").GetString()!;
            string[] expected = code == "invalid_request" ? ["code", "message", "issues"] : ["code", "message"];
            Assert.Equal(expected, error.EnumerateObject().Select(member => member.Name));
            return code;
        }
    }

    /// <summary>The issues of an error as compact JSON.</summary>
    public string Issues => Json.GetProperty("error").GetProperty("issues").GetRawText();

    /// <summary>The text of a member.</summary>
    public string this[string member] => Json.GetProperty(member).GetString()!;

    /// <summary>This answer, which must have the status.</summary>
    public AdminAnswer Expect(int status)
    {
        Assert.True(Status == status, $"{Status} and not {status}: {Body}");
        return this;
    }

    /// <summary>Fails unless this is the error.</summary>
    public void AssertError(int status, string code) => Assert.Equal((status, code), (Expect(status).Status, Code));

    /// <summary>Fails unless this is <c>invalid_request</c> with the issues.</summary>
    public void AssertIssues(int status, string issues)
    {
        AssertError(status, "invalid_request");
        Assert.Equal(issues, Issues);
    }
}
