using System.Globalization;
using System.Text;
using System.Text.Json;
using CraftKit.Edge.Events;
using CraftKit.Edge.Http;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

public sealed class EventBodyReaderTests
{
    private const string Words = "'viewed' | 'downloaded' | 'printed'";

    [Theory]
    [InlineData("""{"eventType":"viewed"}""", EventType.Viewed, "")]
    [InlineData("""{"eventType":"downloaded","metadata":{}}""", EventType.Downloaded, "{}")]
    [InlineData(""" { "metadata" : { "a" : [1, 2.50, null] } , "eventType" : "printed" } """, EventType.Printed, """{ "a" : [1, 2.50, null] }""")]
    [InlineData("""{"event\u0054ype":"viewed"}""", EventType.Viewed, "")]
    [InlineData("""{"eventType":"view\u0065d"}""", EventType.Viewed, "")]
    [InlineData("""{"eventType":"\u0064ownloaded"}""", EventType.Downloaded, "")]
    [InlineData("""{"eventType":"printe\u0064"}""", EventType.Printed, "")]
    [InlineData("""{"m\u0065tadata":{"x":1},"eventType":"viewed"}""", EventType.Viewed, """{"x":1}""")]
    [InlineData("""{"eventType":"viewed","metadata":{"a":1,"a":2,"n":1e999,"__proto__":{"x":1},"s":"\ud83d\ude00"}}""", EventType.Viewed, """{"a":1,"a":2,"n":1e999,"__proto__":{"x":1},"s":"\ud83d\ude00"}""")]
    [InlineData("""{"eventType":"viewed","other":[{"deep":"\u0000"}],"__proto__":{"eventType":"x"},"constructor":1}""", EventType.Viewed, "")]
    [InlineData("\uFEFF{\"eventType\":\"viewed\"}", EventType.Viewed, "")]
    [InlineData("{\"eventType\":\"viewed\"}\r\n\t ", EventType.Viewed, "")]
    internal void A_fitting_body_gives_its_type_and_its_metadata_verbatim(string body, EventType type, string metadata)
    {
        var read = EventBodyReader.Read(Encoding.UTF8.GetBytes(body));

        Assert.True(read.IsJson);
        Assert.Null(read.Issues);
        Assert.Equal(type, read.Type);
        Assert.Equal(metadata, Encoding.UTF8.GetString(read.Metadata));
    }

    [Theory]
    [InlineData("""{"eventType":"viewed","eventType":"printed"}""", EventType.Printed, "")]
    [InlineData("""{"eventType":5,"eventType":"printed"}""", EventType.Printed, "")]
    [InlineData("""{"eventType":"viewed","event\u0054ype":"printed"}""", EventType.Printed, "")]
    [InlineData("""{"metadata":7,"eventType":"viewed","metadata":{"b":2}}""", EventType.Viewed, """{"b":2}""")]
    [InlineData("""{"metadata":{"a":1},"eventType":"viewed","metadata":{}}""", EventType.Viewed, "{}")]
    internal void The_last_of_a_repeated_key_counts(string body, EventType type, string metadata)
    {
        A_fitting_body_gives_its_type_and_its_metadata_verbatim(body, type, metadata);
    }

    [Theory]
    [InlineData("""{"eventType":"viewed","eventType":null}""", $"Expected {Words}, received null", null)]
    [InlineData("{}", "Required", null)]
    [InlineData("""{"EventType":"viewed"}""", "Required", null)]
    [InlineData("""{"eventType":1}""", $"Expected {Words}, received number", null)]
    [InlineData("""{"eventType":1e999}""", $"Expected {Words}, received number", null)]
    [InlineData("""{"eventType":true}""", $"Expected {Words}, received boolean", null)]
    [InlineData("""{"eventType":false}""", $"Expected {Words}, received boolean", null)]
    [InlineData("""{"eventType":{"a":[1]}}""", $"Expected {Words}, received object", null)]
    [InlineData("""{"eventType":[[],{}]}""", $"Expected {Words}, received array", null)]
    [InlineData("""{"eventType":"opened"}""", $"Invalid enum value. Expected {Words}, received 'opened'", null)]
    [InlineData("""{"eventType":"Viewed"}""", $"Invalid enum value. Expected {Words}, received 'Viewed'", null)]
    [InlineData("""{"eventType":"viewed "}""", $"Invalid enum value. Expected {Words}, received 'viewed '", null)]
    [InlineData("""{"eventType":""}""", $"Invalid enum value. Expected {Words}, received ''", null)]
    [InlineData("""{"eventType":"\u006fpen\u00e9\ud83d\ude00"}""", $"Invalid enum value. Expected {Words}, received 'open\u00e9\U0001F600'", null)]
    [InlineData("""{"eventType":"viewed","metadata":null}""", null, "Expected object, received null")]
    [InlineData("""{"eventType":"viewed","metadata":[{}]}""", null, "Expected object, received array")]
    [InlineData("""{"eventType":"viewed","metadata":"{}"}""", null, "Expected object, received string")]
    [InlineData("""{"eventType":"viewed","metadata":-0.5}""", null, "Expected object, received number")]
    [InlineData("""{"eventType":"viewed","metadata":true}""", null, "Expected object, received boolean")]
    [InlineData("""{"metadata":[]}""", "Required", "Expected object, received array")]
    [InlineData("""{"metadata":1,"eventType":2}""", $"Expected {Words}, received number", "Expected object, received number")]
    public void Every_fault_of_a_field_is_listed(string body, string? eventType, string? metadata)
    {
        var read = EventBodyReader.Read(Encoding.UTF8.GetBytes(body));

        Assert.True(read.IsJson);
        Assert.NotNull(read.Issues);
        Assert.Null(read.Issues.Form);
        List<(string, string)> expected = [];
        if (eventType is not null)
            expected.Add(("eventType", eventType));
        if (metadata is not null)
            expected.Add(("metadata", metadata));
        Assert.Equal(expected, read.Issues.Fields);
    }

    [Theory]
    [InlineData("[]", "array")]
    [InlineData("[{\"eventType\":\"viewed\"}]", "array")]
    [InlineData("\"viewed\"", "string")]
    [InlineData("0", "number")]
    [InlineData(" -1.5e3 ", "number")]
    [InlineData("true", "boolean")]
    [InlineData("false", "boolean")]
    [InlineData("null", "null")]
    public void A_body_that_is_no_object_has_one_fault_of_its_own(string body, string received)
    {
        var read = EventBodyReader.Read(Encoding.UTF8.GetBytes(body));

        Assert.True(read.IsJson);
        Assert.Equal($"Expected object, received {received}", read.Issues?.Form);
        Assert.Empty(read.Issues!.Fields);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    [InlineData("\uFEFF")]
    [InlineData("\uFEFF\uFEFF{\"eventType\":\"viewed\"}")]
    [InlineData("{")]
    [InlineData("""{"eventType":"viewed" """)]
    [InlineData("""{"eventType":"viewed""")]
    [InlineData("""{"eventType":"viewed"}}""")]
    [InlineData("""{"eventType":"viewed"},""")]
    [InlineData("""{"eventType":"viewed"}{}""")]
    [InlineData("""{"eventType":"viewed",}""")]
    [InlineData("""{"eventType":"viewed"/**/}""")]
    [InlineData("""{"eventType":"viewed"}//""")]
    [InlineData("""{'eventType':'viewed'}""")]
    [InlineData("""{eventType:"viewed"}""")]
    [InlineData("""{"eventType":"viewed","n":01}""")]
    [InlineData("""{"eventType":"viewed","n":1.}""")]
    [InlineData("""{"eventType":"viewed","n":.5}""")]
    [InlineData("""{"eventType":"viewed","n":+1}""")]
    [InlineData("""{"eventType":"viewed","n":NaN}""")]
    [InlineData("""{"eventType":"viewed","n":Infinity}""")]
    [InlineData("""{"eventType":"viewed","n":undefined}""")]
    [InlineData("""{"eventType":"viewed","s":"\x41"}""")]
    [InlineData("""{"eventType":"viewed","s":"\u12g4"}""")]
    [InlineData("{\"eventType\":\"viewed\",\"s\":\"a\tb\"}")]
    [InlineData("{\"eventType\":\"viewed\",\"s\":\"a\nb\"}")]
    [InlineData("{\"eventType\":\"viewed\"}\0")]
    [InlineData("""[1,]""")]
    [InlineData("""[""")]
    [InlineData("tru")]
    [InlineData("nul")]
    [InlineData("-")]
    [InlineData("1 2")]
    public void A_body_that_is_not_one_json_value_is_no_json(string body)
    {
        Assert.False(EventBodyReader.Read(Encoding.UTF8.GetBytes(body)).IsJson);
    }

    [Theory]
    [InlineData("""{"eventType":"viewed","metadata":{"s":"\ud800"}}""")]
    [InlineData("""{"eventType":"viewed","metadata":{"s":"\udc00"}}""")]
    [InlineData("""{"eventType":"viewed","metadata":{"s":"\ud800x\udc00"}}""")]
    [InlineData("""{"eventType":"viewed","metadata":{"s":"\ud800\ud800\udc00"}}""")]
    [InlineData("""{"eventType":"viewed","metadata":{"s":"\udc00\ud800"}}""")]
    [InlineData("""{"eventType":"viewed","metadata":{"s":"\ud800\n"}}""")]
    [InlineData("""{"eventType":"viewed","metadata":{"s":"\uD800\\udc00"}}""")]
    [InlineData("""{"eventType":"viewed","metadata":{"\ud800":1}}""")]
    [InlineData("""{"eventType":"viewed","metadata":[{"a":["\uDBFF"]}]}""")]
    [InlineData("""{"eventType":"viewed","other":"\udfff"}""")]
    [InlineData("""{"eventType":"viewed","\ud800":1}""")]
    [InlineData("""{"eventType":"\ud800"}""")]
    [InlineData("""{"eventType":{"a":"\ud800"}}""")]
    [InlineData("""{"eventType":"\ud800","eventType":"viewed"}""")]
    [InlineData("""{"eventType\ud800":"viewed"}""")]
    [InlineData("\"\\ud800\"")]
    [InlineData("[\"\\ud800\"]")]
    public void An_unpaired_surrogate_anywhere_is_no_json(string body)
    {
        Assert.False(EventBodyReader.Read(Encoding.UTF8.GetBytes(body)).IsJson);
    }

    [Theory]
    [InlineData("""{"eventType":"viewed","metadata":{"s":"@"}}""")]
    [InlineData("""{"eventType":"viewed","metadata":{"@":1}}""")]
    [InlineData("""{"eventType":"viewed","metadata":{"s":"\n@"}}""")]
    [InlineData("""{"eventType":"viewed","other":"@"}""")]
    [InlineData("""{"eventType":"viewed","@":1}""")]
    [InlineData("""{"eventType":"viewed","n\n@":1}""")]
    [InlineData("""{"eventType":"@"}""")]
    [InlineData("\"@\"")]
    [InlineData("@")]
    [InlineData("""{"eventType":"viewed"}@""")]
    public void Bytes_that_are_not_utf8_anywhere_are_no_json(string pattern)
    {
        byte[][] malformed = [[0x80], [0xC3], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xF0, 0x9F, 0x98]];
        foreach (var bytes in malformed)
        {
            byte[] body = [.. Encoding.UTF8.GetBytes(pattern).SelectMany(one => one == (byte)'@' ? bytes : [one])];

            Assert.False(EventBodyReader.Read(body).IsJson, $"{pattern} with {Convert.ToHexString(bytes)}");
        }
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(10_000, false)]
    public void Nesting_ends_at_64_levels_of_which_the_body_is_the_first(int within, bool isJson)
    {
        var nested = new string('[', within) + new string(']', within);

        Assert.Equal(isJson, EventBodyReader.Read(Encoding.UTF8.GetBytes($$"""{"eventType":"viewed","other":{{nested}}}""")).IsJson);
    }

    [Fact]
    public void The_verdict_on_mutated_bodies_is_that_of_an_independent_reader()
    {
        var random = new Random(20_260_503);
        string[] seeds =
        [
            """{"eventType":"viewed","metadata":{"a":[1,2.5e3,-0,true,false,null],"b":"\u00e9\ud83d\ude00\n"}}""",
            "{ \"metadata\":{},\t\"eventType\":\"pri\\u006eted\" , \"x\":\"\u00e9\u20ac\U0001F600\"}\n",
            """[[[{"a":{"b":"\ud834\udd1e\\\"\/\b\f\r\t"}}]]]""",
        ];
        var verdicts = new int[2];
        for (var i = 0; i < 60_000; i++)
        {
            var body = Mutate(random, Encoding.UTF8.GetBytes(seeds[i % seeds.Length]));
            var expected = IsJson(body);
            verdicts[expected ? 1 : 0]++;

            var read = EventBodyReader.Read(body);

            Assert.True(expected == read.IsJson, $"expected {expected}: {Convert.ToHexString(body)} {Encoding.Latin1.GetString(body)}");
            if (read.IsJson && read.Issues is null)
                Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(read.Metadata.IsEmpty ? "{}"u8.ToArray() : read.Metadata.ToArray()).RootElement.ValueKind);
        }

        Assert.All(verdicts, count => Assert.True(count > 1_000, string.Join(' ', verdicts)));
    }

    [Fact]
    public void A_good_body_is_read_without_allocating()
    {
        var body = Encoding.UTF8.GetBytes("""{"eventType":"view\u0065d","metadata":{"a":[1,{"b":"\ud83d\ude00"}]}}""");
        var before = 0L;
        var viewed = 0;
        for (var i = 0; i < 2_000; i++)
        {
            if (i == 1_000)
                before = GC.GetAllocatedBytesForCurrentThread();
            viewed += EventBodyReader.Read(body).Type == EventType.Viewed ? 1 : 0;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2_000, viewed);
    }

    private static byte[] Mutate(Random random, byte[] body) => Mutation.Of(random, body, "{}[]\",:\\u0dD8fFeE/-+.19 \n\t\0"u8, foreign: 4);

    /// <summary>The framework's own document reader for the grammar, a strict decoder for the bytes, and a walk over the decoded escapes
    /// that shares nothing with the code under test.</summary>
    private static bool IsJson(byte[] body)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body);
            if (text.StartsWith('\uFEFF'))
                text = text[1..];
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
            return HasNoLoneSurrogate(text);
        }
        catch (Exception exception) when (exception is JsonException or DecoderFallbackException)
        {
            return false;
        }
    }

    private static bool HasNoLoneSurrogate(string json)
    {
        var decoded = new StringBuilder();
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] != '\\')
            {
                decoded.Append(json[i]);
                continue;
            }

            i++;
            decoded.Append(json[i] == 'u' ? (char)int.Parse(json.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : '.');
            i += json[i] == 'u' ? 4 : 0;
        }

        return decoded.ToString().EnumerateRunes().All(rune => rune != Rune.ReplacementChar || json.Contains("fffd", StringComparison.OrdinalIgnoreCase) || json.Contains('\uFFFD'));
    }
}
