using System.Text;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using CraftKit.Edge.Service;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

/// <summary>POST /v1/renders/{id}/events, check by check, through the real server.</summary>
public class EventsEndpointTests : TransportTests
{
    [Fact]
    public async Task A_new_event_is_recorded()
    {
        var response = await Server.PostEventAsync("""{"eventType":"downloaded","metadata":{"source":"dashboard"}}""");

        Assert.Equal("HTTP/1.1 200 OK", response.StatusLine);
        Assert.Equal("""{"recorded":true}""", response.Body);
        Assert.Equal("application/json", response.Header("Content-Type"));
        var recorded = Assert.Single(Server.Gateway.Recorded);
        Assert.Equal(EventType.Downloaded, recorded.Type);
        Assert.Equal("""{"source":"dashboard"}""", recorded.MetadataText);
        Assert.Equal("127.0.0.1", recorded.Address);
        Assert.Null(recorded.UserAgent);
    }

    [Fact]
    public async Task A_duplicate_is_answered_false()
    {
        Server.Gateway.Status = RecordStatus.Duplicate;

        var response = await Server.PostEventAsync(Requests.Viewed);

        Assert.Equal(200, response.Status);
        Assert.Equal("""{"recorded":false}""", response.Body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Authorization: \r\n")]
    [InlineData("Authorization: Bearer\r\n")]
    [InlineData("Authorization: Bearer ck_live_unknown\r\n")]
    [InlineData("Authorization: Bearer \u00e9\u00ff\r\n")]
    [InlineData(Requests.Authorization + Requests.Authorization)]
    public async Task A_key_that_is_missing_malformed_unknown_or_sent_twice_gets_401(string authorization)
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync($"POST /v1/renders/x/events HTTP/1.1\r\nHost: edge\r\n{authorization}Content-Length: 1\r\n\r\n{{");

        var response = await connection.ReceiveAsync();

        Assert.Equal(401, response.Status);
        Assert.Equal("unauthorized", response.Code);
        Assert.Equal("Bearer", response.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_key_of_a_deleted_project_gets_403_before_its_body_is_looked_at()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(
            $"POST /v1/renders/x/events HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {InMemoryGateway.DeletedProjectsKey}\r\nContent-Length: 99999999\r\n\r\n");

        var response = await connection.ReceiveAsync();

        Assert.Equal(403, response.Status);
        Assert.Equal("forbidden", response.Code);
    }

    [Fact]
    public async Task An_unknown_key_gets_401_however_large_its_body()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync("POST /v1/renders/x/events HTTP/1.1\r\nHost: edge\r\nContent-Length: 99999999999\r\n\r\n");

        Assert.Equal("unauthorized", (await connection.ReceiveAsync()).Code);
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_is_taken()
    {
        var body = Requests.Viewed.PadRight(65_536);

        Assert.Equal(200, (await Server.PostEventAsync(body)).Status);
    }

    [Fact]
    public async Task A_body_one_byte_over_the_limit_gets_413()
    {
        var response = await Server.PostEventAsync(Requests.Viewed.PadRight(65_537));

        Assert.Equal(413, response.Status);
        Assert.Equal("payload_too_large", response.Code);
    }

    [Fact]
    public async Task A_body_over_the_limit_gets_413_though_it_is_no_json_and_its_render_unknown()
    {
        var response = await Server.PostEventAsync(new string('x', 65_537), id: "unknown");

        Assert.Equal(413, response.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData("""{"eventType":"viewed"} x""")]
    public async Task A_body_that_is_no_json_gets_400_though_its_render_is_unknown(string body)
    {
        var response = await Server.PostEventAsync(body, id: "unknown");

        Assert.Equal(400, response.Status);
        Assert.Equal("invalid_json", response.Code);
    }

    [Fact]
    public async Task A_post_without_any_body_gets_invalid_json()
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync($"POST /v1/renders/{InMemoryGateway.Render}/events HTTP/1.1\r\nHost: edge\r\n{Requests.Authorization}\r\n");

        Assert.Equal("invalid_json", (await connection.ReceiveAsync()).Code);
    }

    [Fact]
    public async Task A_value_that_does_not_fit_gets_all_of_its_issues_though_its_render_is_unknown()
    {
        var response = await Server.PostEventAsync("""{"eventType":"opened","metadata":[]}""", id: "unknown");

        Assert.Equal(400, response.Status);
        Assert.Equal("invalid_request", response.Code);
        Assert.Equal(
            """{"formErrors":[],"fieldErrors":{"eventType":["Invalid enum value. Expected 'viewed' | 'downloaded' | 'printed', received 'opened'"],"metadata":["Expected object, received array"]}}""",
            response.Issues);
    }

    [Fact]
    public async Task A_value_that_is_no_object_has_a_form_error_alone()
    {
        var response = await Server.PostEventAsync("[]");

        Assert.Equal("invalid_request", response.Code);
        Assert.Equal("""{"formErrors":["Expected object, received array"],"fieldErrors":{}}""", response.Issues);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("a%zzb")]
    [InlineData("%")]
    [InlineData("%4")]
    [InlineData("%C3%A9")]
    [InlineData("%FF")]
    [InlineData("a.b")]
    [InlineData("..")]
    [InlineData("a%2Fb")]
    [InlineData("a+b")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x")]
    public async Task An_id_that_names_no_render_gets_404(string id)
    {
        var response = await Server.PostEventAsync(Requests.Viewed, id: id);

        Assert.Equal(404, response.Status);
        Assert.Equal("not_found", response.Code);
    }

    [Theory]
    [InlineData("0197%5Frender-A")]
    [InlineData("0197%5frender%2DA")]
    [InlineData("%30197_render-A")]
    public async Task An_id_may_be_percent_encoded(string id)
    {
        Assert.Equal(200, (await Server.PostEventAsync(Requests.Viewed, id: id)).Status);
    }

    [Fact]
    public async Task Without_room_in_the_queue_the_client_is_told_to_retry()
    {
        Server.Gateway.Status = RecordStatus.Unavailable;

        var response = await Server.PostEventAsync(Requests.Viewed);

        Assert.Equal(503, response.Status);
        Assert.Equal("queue_unavailable", response.Code);
        Assert.Equal("1", response.Header("Retry-After"));
    }

    [Fact]
    public async Task A_failure_gets_500_without_its_text_and_is_logged_once()
    {
        Server.Gateway.Failure = new InvalidOperationException("the secret cause");

        var response = await Server.PostEventAsync(Requests.Viewed);

        Assert.Equal(500, response.Status);
        Assert.Equal("internal", response.Code);
        Assert.DoesNotContain("secret", response.Body, StringComparison.Ordinal);
        Assert.Contains("the secret cause", Assert.Single(Server.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_waits_for_the_commit()
    {
        var commit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Gateway.Commit = () => new ValueTask(commit.Task);

        var answer = Server.PostEventAsync(Requests.Viewed);
        while (Server.Gateway.Recorded.IsEmpty)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        var early = await Task.WhenAny(answer, Task.Delay(100, TestContext.Current.CancellationToken)) == answer;
        commit.SetResult();

        Assert.False(early);
        Assert.Equal(200, (await answer).Status);
    }

    [Fact]
    public async Task A_commit_that_failed_is_answered_with_503_and_logged()
    {
        Server.Gateway.Commit = () => ValueTask.FromException(new IOException("no space left on device"));

        var response = await Server.PostEventAsync(Requests.Viewed);

        Assert.Equal("queue_unavailable", response.Code);
        Assert.Contains("no space left", Assert.Single(Server.Log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task The_content_type_of_the_request_is_not_looked_at(string type)
    {
        Assert.Equal(200, (await Server.PostEventAsync(Requests.Viewed, $"Content-Type: {type}\r\n")).Status);
    }

    [Fact]
    public async Task Metadata_is_kept_byte_for_byte()
    {
        const string Metadata = "{ \"b\" : 1.0e+2,\t\"a\":\"\\u00e9\\/\",\"b\":[ ]\r\n}";

        await Server.PostEventAsync($$"""{"metadata":{{Metadata}},"eventType":"printed"}""");

        Assert.Equal(Metadata, Assert.Single(Server.Gateway.Recorded).MetadataText);
    }

    [Fact]
    public async Task The_user_agent_is_stored()
    {
        await Server.PostEventAsync(Requests.Viewed, "User-Agent: Mozilla/5.0 (X11)\r\n");

        Assert.Equal("Mozilla/5.0 (X11)", Assert.Single(Server.Gateway.Recorded).UserAgent);
    }

    [Fact]
    public async Task An_empty_user_agent_is_not_a_missing_one()
    {
        await Server.PostEventAsync(Requests.Viewed, "User-Agent:\r\n");

        Assert.Equal("", Assert.Single(Server.Gateway.Recorded).UserAgent);
    }

    [Fact]
    public async Task A_user_agent_in_utf8_is_read_as_such()
    {
        await Server.PostEventAsync(Requests.Viewed, Latin1Of("User-Agent: caf\u00e9 \U0001F600\r\n"));

        Assert.Equal("caf\u00e9 \U0001F600", Assert.Single(Server.Gateway.Recorded).UserAgent);
    }

    [Fact]
    public async Task A_user_agent_that_is_not_utf8_is_read_as_latin1()
    {
        await Server.PostEventAsync(Requests.Viewed, "User-Agent: caf\u00e9 \u00ff\r\n");

        Assert.Equal("caf\u00e9 \u00ff", Assert.Single(Server.Gateway.Recorded).UserAgent);
    }

    [Fact]
    public async Task Several_user_agent_lines_are_one_list()
    {
        await Server.PostEventAsync(Requests.Viewed, "User-Agent: a\r\nuser-agent: b\r\n");

        Assert.Equal("a, b", Assert.Single(Server.Gateway.Recorded).UserAgent);
    }

    [Fact]
    public async Task Bytes_of_no_encoding_in_other_headers_harm_nobody()
    {
        var response = await Server.PostEventAsync(Requests.Viewed, "X-Name: \u00ff\u00fe\r\nReferer: http://\u00e9/\r\nCookie: \u0080\r\n");

        Assert.Equal(200, response.Status);
    }

    [Fact]
    public async Task Without_trusted_proxies_the_forwarded_header_is_hearsay()
    {
        await Server.PostEventAsync(Requests.Viewed, "X-Forwarded-For: 203.0.113.9\r\n");

        Assert.Equal("127.0.0.1", Assert.Single(Server.Gateway.Recorded).Address);
    }

    private static string Latin1Of(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}

/// <summary>The same over the platform's sockets.</summary>
public sealed class EventsEndpointTestsOverSockets : EventsEndpointTests
{
    private protected override TransportKind Transport => TransportKind.Sockets;
}
