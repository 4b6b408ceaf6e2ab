using System.Text;
using CraftKit.Edge.Events;
using CraftKit.Edge.Http;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Bulk;

/// <summary>What an item of a bulk request says besides what a single event's body does.</summary>
public sealed class ItemReaderTests
{
    [Theory]
    [InlineData("""{"renderId":"r-1","eventType":"viewed"}""", "r-1", null, "")]
    [InlineData("""{"eventType":"viewed","renderId":"r\u002d1"}""", "r-1", null, "")]
    [InlineData("""{"\u0072enderId":"r","eventType":"viewed","sourceIp":"203.0.113.7"}""", "r", "203.0.113.7", "")]
    [InlineData("""{"renderId":"r","eventType":"viewed","sourceIp":"203.0.113.7:8080"}""", "r", "203.0.113.7", "")]
    [InlineData("""{"renderId":"r","eventType":"viewed","sourceIp":"[2001:db8::1]:443"}""", "r", "2001:db8::1", "")]
    [InlineData("""{"renderId":"r","eventType":"viewed","sourceIp":"::ffff:203.0.113.7"}""", "r", "203.0.113.7", "")]
    [InlineData("""{"renderId":"r","eventType":"viewed","source\u0049p":"\u0032001:db8::1"}""", "r", "2001:db8::1", "")]
    [InlineData("""{"renderId":1,"renderId":"r","eventType":"viewed","sourceIp":0,"sourceIp":"::1"}""", "r", "::1", "")]
    [InlineData("""{"renderId":"a","eventType":"viewed","renderId":"b","sourceIp":"::1","sourceIp":"::2"}""", "b", "::2", "")]
    [InlineData("""{"renderId":"r","eventType":"viewed","metadata":{"renderId":"x","sourceIp":1}}""", "r", null, """{"renderId":"x","sourceIp":1}""")]
    [InlineData("""{"renderId":"","eventType":"viewed"}""", "", null, "")]
    [InlineData("""{"renderId":"no id at all \u20ac","eventType":"viewed"}""", "no id at all \u20ac", null, "")]
    public void A_fitting_item_names_its_render_and_perhaps_its_source(string item, string renderId, string? source, string metadata)
    {
        var read = EventBodyReader.ReadItem(Encoding.UTF8.GetBytes(item), new byte[EventRecord.MaxIdLength]);

        Assert.True(read.IsJson);
        Assert.Null(read.Issues);
        Assert.Equal(EventType.Viewed, read.Type);
        Assert.Equal(renderId, Encoding.UTF8.GetString(read.RenderId));
        Assert.Equal(source, read.SourceIp?.ToString());
        Assert.Equal(metadata, Encoding.UTF8.GetString(read.Metadata));
    }

    [Fact]
    public void An_id_has_at_most_64_characters_however_they_are_spelled()
    {
        var id = new string('a', EventRecord.MaxIdLength);
        var escaped = string.Concat(id.Select(_ => "\\u0061"));

        Assert.Equal(id, RenderOf(id));
        Assert.Equal(id, RenderOf(escaped));
        Assert.Equal("", RenderOf(id + "a"));
        Assert.Equal("", RenderOf(escaped + "\\u0061"));
        Assert.Equal("", RenderOf(new string('a', 10_000)));

        static string RenderOf(string text) => Encoding.UTF8.GetString(EventBodyReader.ReadItem(
            Encoding.UTF8.GetBytes($$"""{"renderId":"{{text}}","eventType":"viewed"}"""), new byte[EventRecord.MaxIdLength]).RenderId);
    }

    [Theory]
    [InlineData("""{"eventType":"viewed"}""", "renderId: Required")]
    [InlineData("""{"renderid":"r","eventType":"viewed"}""", "renderId: Required")]
    [InlineData("""{"renderId":7,"eventType":"viewed"}""", "renderId: Expected string, received number")]
    [InlineData("""{"renderId":null,"eventType":"viewed"}""", "renderId: Expected string, received null")]
    [InlineData("""{"renderId":{"a":["r"]},"eventType":"viewed"}""", "renderId: Expected string, received object")]
    [InlineData("""{"renderId":"r","renderId":[],"eventType":"viewed"}""", "renderId: Expected string, received array")]
    [InlineData("""{"renderId":"r","eventType":"viewed","sourceIp":null}""", "sourceIp: Expected string, received null")]
    [InlineData("""{"renderId":"r","eventType":"viewed","sourceIp":true}""", "sourceIp: Expected string, received boolean")]
    [InlineData("""{"renderId":"r","eventType":"viewed","sourceIp":""}""", "sourceIp: Invalid ip")]
    [InlineData("""{"renderId":"r","eventType":"viewed","sourceIp":"203.0.113"}""", "sourceIp: Invalid ip")]
    [InlineData("""{"renderId":"r","eventType":"viewed","sourceIp":" 203.0.113.7"}""", "sourceIp: Invalid ip")]
    [InlineData("""{"renderId":"r","eventType":"viewed","sourceIp":"203.0.113.07"}""", "sourceIp: Invalid ip")]
    [InlineData("""{"renderId":"r","eventType":"viewed","sourceIp":"fe80::1%eth0"}""", "sourceIp: Invalid ip")]
    [InlineData("""{"renderId":"r","eventType":"viewed","sourceIp":"1.2.3.4, 5.6.7.8"}""", "sourceIp: Invalid ip")]
    [InlineData("""{"renderId":"r","eventType":"viewed","sourceIp":"\u20ac"}""", "sourceIp: Invalid ip")]
    [InlineData("{}", "renderId: Required; eventType: Required")]
    [InlineData(
        """{"sourceIp":[],"metadata":1,"eventType":2,"renderId":3}""",
        "renderId: Expected string, received number; eventType: Expected 'viewed' | 'downloaded' | 'printed', received number; metadata: Expected object, received number; sourceIp: Expected string, received array")]
    public void Every_fault_of_a_field_is_listed_in_the_order_of_the_schema(string item, string expected)
    {
        var read = EventBodyReader.ReadItem(Encoding.UTF8.GetBytes(item), new byte[EventRecord.MaxIdLength]);

        Assert.True(read.IsJson);
        Assert.Null(read.Issues!.Form);
        Assert.Equal(expected, string.Join("; ", read.Issues.Fields.Select(field => $"{field.Field}: {field.Fault}")));
    }

    [Theory]
    [InlineData("""{"renderId":"\ud800","eventType":"viewed"}""")]
    [InlineData("""{"renderId":"r","eventType":"viewed","sourceIp":"\udc00"}""")]
    [InlineData("""{"renderId":"r","eventType":"viewed"} x""")]
    [InlineData("""{"renderId":"r","eventType":"viewed"}{}""")]
    [InlineData("\uFEFF{\"renderId\":\"r\",\"eventType\":\"viewed\"}")]
    [InlineData("")]
    public void What_is_no_json_in_an_item_is_none(string item)
    {
        Assert.False(EventBodyReader.ReadItem(Encoding.UTF8.GetBytes(item), new byte[EventRecord.MaxIdLength]).IsJson);
    }

    [Fact]
    public void A_single_event_does_not_know_the_members_of_an_item()
    {
        var read = EventBodyReader.Read("""{"eventType":"viewed","renderId":7,"sourceIp":null}"""u8);

        Assert.Null(read.Issues);
        Assert.True(read.RenderId.IsEmpty);
        Assert.Null(read.SourceIp);
    }

    [Fact]
    public void A_good_item_is_read_without_allocating()
    {
        var item = Encoding.UTF8.GetBytes("""{"renderId":"0197_r\u0065nder-A","eventType":"viewed","sourceIp":"2001:db8::1","metadata":{"a":[1,{"b":"\ud83d\ude00"}]}}""");
        var id = new byte[EventRecord.MaxIdLength];
        var before = 0L;
        var good = 0;
        for (var i = 0; i < 2_000; i++)
        {
            if (i == 1_000)
                before = GC.GetAllocatedBytesForCurrentThread();
            var read = EventBodyReader.ReadItem(item, id);
            good += read.RenderId.Length == 13 && read.SourceIp is not null ? 1 : 0;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2_000, good);
    }
}
