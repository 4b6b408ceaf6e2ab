using System.Text;
using System.Text.Json;
using CraftKit.Edge.Cli;
using CraftKit.Edge.Events;
using Xunit;

namespace CraftKit.Edge.Tests.Cli;

public sealed class EventFormatTests
{
    private const string CsvHeader = "id,eventType,actorKind,renderId,projectId,shareId,sourceIp,userAgent,metadata,createdAt\r\n";

    private static readonly EventId Id = EventId.Create(1_777_803_600_000, 1, 2);

    private static readonly ExportedEvent Full = Event("Mozilla/5.0", """{"a": 1.0,"b":"x","a":2e0}""");

    private static readonly ExportedEvent Sparse = new(Id, EventType.Printed, "r", "p", null, ClientAddress.FromIPv4(0xCB007107), null, null);

    [Fact]
    public void A_json_line_has_every_field_in_the_order_of_the_documentation() => Assert.Equal(
        """{"id":"019ded5a-2080-7001-8000-000000000002","eventType":"viewed","actorKind":"partner","renderId":"r1","projectId":"p1","shareId":"s1","sourceIp":"203.0.113.7","userAgent":"Mozilla/5.0","metadata":{"a": 1.0,"b":"x","a":2e0},"createdAt":"2026-05-03T10:20:00.000Z"}"""
        + "\n"
        + """{"id":"019ded5a-2080-7001-8000-000000000002","eventType":"printed","actorKind":"partner","renderId":"r","projectId":"p","shareId":null,"sourceIp":"203.0.113.7","userAgent":null,"metadata":null,"createdAt":"2026-05-03T10:20:00.000Z"}"""
        + "\n",
        JsonLines(Full, Sparse));

    [Fact]
    public void A_csv_row_has_every_field_under_its_header() => Assert.Equal(
        CsvHeader
        + "019ded5a-2080-7001-8000-000000000002,viewed,partner,r1,p1,s1,203.0.113.7,Mozilla/5.0,\"{\"\"a\"\": 1.0,\"\"b\"\":\"\"x\"\",\"\"a\"\":2e0}\",2026-05-03T10:20:00.000Z\r\n"
        + "019ded5a-2080-7001-8000-000000000002,printed,partner,r,p,,203.0.113.7,,,2026-05-03T10:20:00.000Z\r\n",
        Csv(Full, Sparse));

    [Fact]
    public void No_events_are_no_lines_and_a_header()
    {
        Assert.Equal("", JsonLines());
        Assert.Equal(CsvHeader, Csv());
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\\u0009=1")]
    [InlineData("\r=1", "'\\u000d=1")]
    [InlineData(" =1", "' =1")]
    [InlineData("a=1", "a=1")]
    [InlineData("'=1", "'=1")]
    public void A_cell_that_would_be_a_formula_is_guarded(string userAgent, string cell) =>
        Assert.EndsWith($",203.0.113.7,{cell},,2026-05-03T10:20:00.000Z\r\n", Csv(Event(userAgent, null)), StringComparison.Ordinal);

    [Theory]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("=\"a\"", "\"'=\"\"a\"\"\"")]
    [InlineData("a\r\nb", "a\\u000d\\u000ab")]
    [InlineData("\u001b[2J\u009b", "\\u001b[2J\\u009b")]
    [InlineData("", "\"\"")]
    public void A_cell_is_quoted_where_it_must_be_and_holds_no_control_character(string userAgent, string cell) =>
        Assert.EndsWith($",203.0.113.7,{cell},,2026-05-03T10:20:00.000Z\r\n", Csv(Event(userAgent, null)), StringComparison.Ordinal);

    [Fact]
    public void An_id_that_begins_with_a_hyphen_is_guarded_too() => Assert.Contains(
        ",'-r,'-p,'-s,", Csv(Sparse with { RenderId = "-r", ProjectId = "-p", ShareId = "-s" }), StringComparison.Ordinal);

    [Fact]
    public void Metadata_over_several_lines_stays_on_one_and_keeps_its_spelling()
    {
        var line = JsonLines(Event(null, "{\r\n\t\"a\" : [1,\n 2.50E+1 ] }"));
        Assert.Contains("""
            "metadata":{   "a" : [1,  2.50E+1 ] },
            """.Trim(), line, StringComparison.Ordinal);
        Assert.Single(line, '\n');
    }

    [Fact]
    public void Control_characters_that_json_allows_in_a_string_are_escaped_in_both_formats()
    {
        var exported = Event(null, "{\"a\":\"\u007f\u0085\u009b2J\u00a0\u00e9\"}");
        const string Escaped = "\\u007f\\u0085\\u009b2J\u00a0\u00e9";
        Assert.Contains($"{{\"a\":\"{Escaped}\"}}", JsonLines(exported), StringComparison.Ordinal);
        Assert.Contains($"{{\"\"a\"\":\"\"{Escaped}\"\"}}", Csv(exported), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_json_line_is_the_event_again()
    {
        var agent = "\"\\ \u001b é 😀 </script>";
        using var line = JsonDocument.Parse(JsonLines(Event(agent, """{"x":null}""")));
        Assert.Equal(agent, line.RootElement.GetProperty("userAgent").GetString());
        Assert.Equal(JsonValueKind.Null, line.RootElement.GetProperty("metadata").GetProperty("x").ValueKind);
    }

    [Fact]
    public void Many_events_are_written_as_they_come_not_kept()
    {
        using var stream = new MemoryStream();
        var format = new EventJsonLines(stream);
        for (var i = 0; i < 1000; i++)
            format.Write(Full);
        Assert.True(stream.Length > 100_000, $"{stream.Length} bytes before the flush");
        format.Flush();
        Assert.Equal(1000, Encoding.UTF8.GetString(stream.ToArray()).Count(character => character == '\n'));
    }

    private static ExportedEvent Event(string? userAgent, string? metadata) => new(
        Id, EventType.Viewed, "r1", "p1", "s1", ClientAddress.FromIPv4(0xCB007107), userAgent, metadata is null ? null : Encoding.UTF8.GetBytes(metadata));

    private static string JsonLines(params ExportedEvent[] events) => Write(stream => new EventJsonLines(stream), events);

    private static string Csv(params ExportedEvent[] events) => Write(stream => new EventCsv(stream), events);

    private static string Write(Func<Stream, IEventFormat> create, ExportedEvent[] events)
    {
        using var stream = new MemoryStream();
        var format = create(stream);
        foreach (var exported in events)
            format.Write(exported);
        format.Flush();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
