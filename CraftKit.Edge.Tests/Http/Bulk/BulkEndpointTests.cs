using System.Text;
using CraftKit.Edge.Events;
using CraftKit.Edge.Http.Bulk;
using CraftKit.Edge.Service;
using Xunit;
using static CraftKit.Edge.Tests.Http.Bulk.BulkRequests;

namespace CraftKit.Edge.Tests.Http.Bulk;

/// <summary>POST /v1/events through the real server: what is taken, in what order it is checked, and what is answered.</summary>
public sealed class BulkEndpointTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("Content-Type: application/json\r\n")]
    [InlineData("Content-Type: application/x-ndjson\r\n")]
    [InlineData("Content-Type: text/plain; charset=utf-16\r\n")]
    public async Task An_array_and_lines_are_told_apart_by_their_first_byte(string headers)
    {
        string[] items = [Item(1), Item(2, ""","eventType":"printed" """)];

        Assert.Equal([Recorded, Recorded], ResultsOf(await _server.PostBulkAsync(Array(items), headers)));
        Assert.Equal([Recorded, Recorded], ResultsOf(await _server.PostBulkAsync(Lines(items), headers)));
        Assert.Equal([Recorded, Recorded], ResultsOf(await _server.PostBulkAsync("\uFEFF\r\n " + Array(items), headers)));
        Assert.Equal([Recorded, Recorded], ResultsOf(await _server.PostBulkAsync("\uFEFF" + string.Join("\r\n\r\n", items), headers)));
        Assert.Equal(
            Enumerable.Repeat<(EventType, string)[]>([(EventType.Viewed, """{"n":1}"""), (EventType.Printed, """{"n":2}""")], 4).SelectMany(pair => pair),
            _server.Gateway.Recorded.Select(recorded => (recorded.Type, recorded.MetadataText)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData(" \r\n\r\n ")]
    [InlineData("\uFEFF[ ]\n")]
    public async Task A_body_without_items_has_no_results(string body)
    {
        Assert.Empty(ResultsOf(await _server.PostBulkAsync(body)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_bad_item_never_spoils_the_others(bool isArray)
    {
        List<string> items = [], expected = [];
        foreach (var (bad, error) in BadItems)
        {
            items.AddRange([Item(items.Count), bad]);
            expected.AddRange([Recorded, error]);
        }

        items.Add(Item(items.Count));
        expected.Add(Recorded);
        var response = await _server.PostBulkAsync(isArray ? Array(items) : Lines(items));

        Assert.Equal(expected, ResultsOf(response));
        Assert.Equal(BadItems.Length + 1, _server.Gateway.Recorded.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_that_are_not_utf8_spoil_their_item_alone(bool isArray)
    {
        byte[] body = [.. Encoding.UTF8.GetBytes((isArray ? "[" : "") + Item(1) + (isArray ? "," : "\n") + """{"renderId":"x"""), 0xFF, .. "\"}"u8, (byte)(isArray ? ',' : '\n'), .. Encoding.UTF8.GetBytes(Item(2)), .. isArray ? "]"u8 : default];

        Assert.Equal([Recorded, InvalidJson, Recorded], ResultsOf(await _server.PostBulkAsync(body)));
    }

    [Theory]
    [InlineData("]")]
    [InlineData(" @")]
    [InlineData(" ")]
    [InlineData("")]
    [InlineData(",")]
    [InlineData(",]")]
    [InlineData(",,{}]")]
    [InlineData(" {}]")]
    [InlineData(":{}]")]
    [InlineData("]]")]
    [InlineData("]{}")]
    [InlineData("],")]
    [InlineData(",{\"renderId\":\"")]
    [InlineData(",{\"renderId\":[")]
    [InlineData(",\u00e9]")]
    public async Task A_fault_of_the_framing_ends_the_results_with_one_error(string end)
    {
        var results = ResultsOf(await _server.PostBulkAsync($"[{Item(1)},{Item(2)}{end}"));

        Assert.Equal(end == "]" ? [Recorded, Recorded] : [Recorded, Recorded, InvalidJson], results);
        Assert.Equal(2, _server.Gateway.Recorded.Count);
    }

    [Fact]
    public async Task After_a_fault_the_connection_serves_the_next_request()
    {
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync(Post("[{} {}," + new string(' ', 100_000)));

        Assert.Equal(2, ResultsOf(await connection.ReceiveAsync()).Count);
        await connection.SendAsync(Requests.Event(Requests.Viewed));
        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ten_thousand_items_are_taken_and_the_next_ends_the_results(bool isArray)
    {
        var items = Enumerable.Range(0, BulkEndpoint.MaxItems + 2).Select(n => Item(n)).ToList();
        string Body(int count) => isArray ? Array(items.Take(count)) : Lines(items.Take(count));

        var all = ResultsOf(await _server.PostBulkAsync(Body(BulkEndpoint.MaxItems)));
        Assert.Equal(BulkEndpoint.MaxItems, all.Count);
        Assert.All(all, result => Assert.Equal(Recorded, result));
        Assert.Equal(Enumerable.Range(0, BulkEndpoint.MaxItems).Select(n => $$"""{"n":{{n}}}"""), _server.Gateway.Recorded.Select(recorded => recorded.MetadataText));
        _server.Gateway.Recorded.Clear();

        var more = ResultsOf(await _server.PostBulkAsync(Body(BulkEndpoint.MaxItems + 2)));
        Assert.Equal(BulkEndpoint.MaxItems + 1, more.Count);
        Assert.Equal(TooMany, more[^1]);
        Assert.Equal(BulkEndpoint.MaxItems, _server.Gateway.Recorded.Count);
    }

    [Theory]
    [InlineData("Authorization: \r\n", 401, "unauthorized")]
    [InlineData("Authorization: Bearer ck_live_unknown\r\n", 401, "unauthorized")]
    [InlineData(Requests.Authorization + Requests.Authorization, 401, "unauthorized")]
    [InlineData("Authorization: Bearer " + InMemoryGateway.DeletedProjectsKey + "\r\n", 403, "forbidden")]
    [InlineData(Requests.Authorization, 413, "payload_too_large")]
    public async Task The_key_comes_first_then_the_project_then_the_announced_size(string authorization, int status, string code)
    {
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync(Head((8 << 20) + 1, "Expect: 100-continue\r\n", authorization));

        var response = await connection.ReceiveAsync();

        Assert.Equal(status, response.Status);
        Assert.Equal(code, response.Code);
        Assert.Equal(status == 401 ? "Bearer" : null, response.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_is_taken()
    {
        Assert.Equal([Recorded], ResultsOf(await _server.PostBulkAsync(Item(1).PadRight(8 << 20, '\n'))));
    }

    [Fact]
    public async Task A_chunked_body_over_the_limit_ends_the_results_there()
    {
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync(ChunkedHead());
        var chunk = Chunk(Item(1) + "\n" + new string(' ', 1 << 20));
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 9; i++)
                await connection.SendAsync(chunk);
            await connection.SendAsync(Chunk(""));
        });

        var results = ResultsOf(await connection.ReceiveAsync());

        Assert.Equal([.. Enumerable.Repeat(Recorded, 8), TooLarge], results);
        await sending;
        await connection.SendAsync(Requests.Event(Requests.Viewed));
        Assert.Equal(200, (await connection.ReceiveAsync()).Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1_000)]
    public async Task A_chunked_body_is_put_together(int size)
    {
        var body = Array(Enumerable.Range(0, 40).Select(n => Item(n, ""","note":"\u20ac" """)));
        await using var connection = await _server.ConnectAsync();
        await connection.SendAsync(ChunkedHead());
        await connection.SendAsync(body.Chunk(size).SelectMany(part => Chunk(new string(part))).Concat(Chunk("")).ToArray());

        Assert.Equal(Enumerable.Repeat(Recorded, 40), ResultsOf(await connection.ReceiveAsync()));
        Assert.Equal(Enumerable.Range(0, 40).Select(n => $$"""{"n":{{n}}}"""), _server.Gateway.Recorded.Select(recorded => recorded.MetadataText));
    }

    [Fact]
    public async Task An_item_may_be_as_large_as_a_single_events_body()
    {
        string Sized(int bytes) => Item(1, $",\"padding\":\"{new string('x', bytes - Item(1, ",\"padding\":\"\"").Length)}\"");
        Assert.Equal(65_536, Sized(65_536).Length);
        string[] items = [Sized(65_536), Sized(65_537), Item(2), Sized(200_000), Item(3)];

        Assert.Equal([Recorded, TooLarge, Recorded, TooLarge, Recorded], ResultsOf(await _server.PostBulkAsync(Array(items))));
        Assert.Equal([Recorded, TooLarge, Recorded, TooLarge, Recorded], ResultsOf(await _server.PostBulkAsync(Lines(items))));
    }

    [Fact]
    public async Task The_metadata_is_kept_byte_for_byte_and_the_user_agent_is_the_requests()
    {
        const string Metadata = "{ \"b\" : 1.0e+2,\t\"a\":\"\\u00e9\\/\",\"b\":[ ]\r\n}";

        await _server.PostBulkAsync($$"""[{"metadata":{{Metadata}},"renderId":"{{InMemoryGateway.Render}}","eventType":"printed"},{{Item(1)}}]""", "User-Agent: caf\u00c3\u00a9\r\n");

        Assert.Equal(Metadata, _server.Gateway.Recorded.First().MetadataText);
        Assert.All(_server.Gateway.Recorded, recorded => Assert.Equal("caf\u00e9", recorded.UserAgent));
    }

    [Fact]
    public async Task Each_status_of_an_item_is_what_a_single_event_gets()
    {
        _server.Gateway.Status = RecordStatus.Duplicate;
        Assert.Equal([Duplicate], ResultsOf(await _server.PostBulkAsync(Item(1))));

        _server.Gateway.Status = RecordStatus.Unavailable;
        var single = await _server.PostEventAsync(Requests.Viewed);
        Assert.Equal("queue_unavailable", single.Code);
        Assert.Equal([single.Body], ResultsOf(await _server.PostBulkAsync(Item(1))));
    }

    [Fact]
    public async Task Without_trusted_proxies_nobody_is_believed_about_addresses()
    {
        await _server.PostBulkAsync(Array([Item(1, ""","sourceIp":"203.0.113.7" """), Item(2)]), "X-Forwarded-For: 203.0.113.9\r\n");

        Assert.Equal(["127.0.0.1", "127.0.0.1"], _server.Gateway.Recorded.Select(recorded => recorded.Address));
    }

    [Fact]
    public async Task A_trusted_proxy_names_the_source_of_each_item()
    {
        await using var server = await RunningServer.StartAsync(trustedProxies: ["127.0.0.1", "10.0.0.0/8"]);
        string[] items =
        [
            Item(1, ""","sourceIp":"203.0.113.7" """), Item(2), Item(3, ""","sourceIp":"10.1.2.3" """), Item(4, ""","sourceIp":"[2001:db8::1]:80" """),
            Item(5, ""","sourceIp":"unknown" """),
        ];

        var results = ResultsOf(await server.PostBulkAsync(Array(items), "X-Forwarded-For: 198.51.100.1, 10.9.9.9\r\n"));

        Assert.Equal(
            [Recorded, Recorded, Recorded, Recorded, """{"error":{"code":"invalid_request","message":"The request body does not fit the schema.","issues":{"formErrors":[],"fieldErrors":{"sourceIp":["Invalid ip"]}}}}"""],
            results);
        Assert.Equal(["203.0.113.7", "198.51.100.1", "10.1.2.3", "2001:db8::1"], server.Gateway.Recorded.Select(recorded => recorded.Address));
    }

    [Fact]
    public async Task Http_1_0_is_answered_and_closed()
    {
        await using var connection = await _server.ConnectAsync();
        var body = Item(1);
        await connection.SendAsync($"POST /v1/events HTTP/1.0\r\n{Requests.Authorization}Content-Length: {body.Length}\r\n\r\n{body}");

        await connection.ReceiveUntilAsync("{\"results\":[{\"recorded\":true}]}");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", connection.Pending, StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", connection.Pending, StringComparison.Ordinal);
    }

    private static (string Item, string Error)[] BadItems { get; } =
    [
        ("""{"renderId":"unknown","eventType":"viewed"}""", NotFound),
        ("""{"renderId":"","eventType":"viewed"}""", NotFound),
        ($$"""{"renderId":"{{new string('x', 200)}}","eventType":"viewed"}""", NotFound),
        ("tru", InvalidJson),
        ("""{"renderId":"x" "eventType":"viewed"}""", InvalidJson),
        ("""{"renderId":"x","eventType":"viewed",}""", InvalidJson),
        ("""{"renderId":"\ud800","eventType":"viewed"}""", InvalidJson),
        ($$"""{"renderId":"x","eventType":"viewed","deep":{{new string('[', 64)}}{{new string(']', 64)}}}""", InvalidJson),
        ("""{"renderId":7,"eventType":"opened","metadata":[],"sourceIp":"x"}""", """{"error":{"code":"invalid_request","message":"The request body does not fit the schema.","issues":{"formErrors":[],"fieldErrors":{"renderId":["Expected string, received number"],"eventType":["Invalid enum value. Expected 'viewed' | 'downloaded' | 'printed', received 'opened'"],"metadata":["Expected object, received array"],"sourceIp":["Invalid ip"]}}}}"""),
        ("{}", """{"error":{"code":"invalid_request","message":"The request body does not fit the schema.","issues":{"formErrors":[],"fieldErrors":{"renderId":["Required"],"eventType":["Required"]}}}}"""),
        ("null", """{"error":{"code":"invalid_request","message":"The request body does not fit the schema.","issues":{"formErrors":["Expected object, received null"],"fieldErrors":{}}}}"""),
        ("\"x\"", """{"error":{"code":"invalid_request","message":"The request body does not fit the schema.","issues":{"formErrors":["Expected object, received string"],"fieldErrors":{}}}}"""),
        ("""{"renderId":"unknown","eventType":5}""", """{"error":{"code":"invalid_request","message":"The request body does not fit the schema.","issues":{"formErrors":[],"fieldErrors":{"eventType":["Expected 'viewed' | 'downloaded' | 'printed', received number"]}}}}"""),
    ];
}
