using System.Text;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

public class EngagementEndpointTests : TransportTests
{
    private static readonly DateTimeOffset Time = new(2026, 5, 3, 10, 20, 0, 7, TimeSpan.Zero);

    [Fact]
    public async Task Engagement_shows_all_members_in_order()
    {
        var first = EventId.Create(Time.ToUnixTimeMilliseconds(), 1, 2);
        var second = EventId.Create(Time.AddMilliseconds(-7).ToUnixTimeMilliseconds(), 3, 4);
        var peer = ClientAddress.FromIPv4(0xCB007107);
        Server.Gateway.Engagement = () => new ValueTask<Engagement?>(new Engagement(12, 3, 1, 8,
        [
            new EngagementEvent(first, EventType.Viewed, "share-1", peer, "Mozilla/5.0 \"\u00e9\" <b>", "{ \"a\" : 1.0,\n\"a\":\"\\u00e9\" }"u8.ToArray()),
            new EngagementEvent(second, EventType.Printed, null, peer, null, null),
        ]));

        var response = await GetAsync();

        Assert.Equal(200, response.Status);
        Assert.Equal("application/json", response.Header("Content-Type"));
        Assert.Equal(
            "{\"counts\":{\"viewed\":12,\"downloaded\":3,\"printed\":1,\"email_opened\":0,\"email_sent\":0,\"share_created\":0,\"share_revoked\":0},"
            + "\"linkOpens\":8,\"total\":16,\"recent\":["
            + $"{{\"id\":\"{first}\",\"eventType\":\"viewed\",\"actorKind\":\"partner\",\"shareId\":\"share-1\",\"sourceIp\":\"203.0.113.7\","
            + "\"userAgent\":\"Mozilla/5.0 \\\"\u00e9\\\" <b>\",\"metadata\":{ \"a\" : 1.0,\n\"a\":\"\\u00e9\" },\"createdAt\":\"2026-05-03T10:20:00.007Z\"},"
            + $"{{\"id\":\"{second}\",\"eventType\":\"printed\",\"actorKind\":\"partner\",\"shareId\":null,\"sourceIp\":\"203.0.113.7\","
            + "\"userAgent\":null,\"metadata\":null,\"createdAt\":\"2026-05-03T10:20:00.000Z\"}]}",
            response.Body);
    }

    [Fact]
    public async Task A_render_without_events_has_all_seven_counts_at_0()
    {
        var response = await GetAsync();

        Assert.Equal(
            """{"counts":{"viewed":0,"downloaded":0,"printed":0,"email_opened":0,"email_sent":0,"share_created":0,"share_revoked":0},"linkOpens":0,"total":0,"recent":[]}""",
            response.Body);
    }

    [Theory]
    [InlineData("", 401, "unauthorized")]
    [InlineData("Authorization: Bearer ck_live_other\r\n", 401, "unauthorized")]
    [InlineData($"Authorization: Bearer {InMemoryGateway.DeletedProjectsKey}\r\n", 403, "forbidden")]
    public async Task Without_a_live_key_nothing_is_shown(string headers, int status, string code)
    {
        var response = await GetAsync(headers: headers);

        Assert.Equal(status, response.Status);
        Assert.Equal(code, response.Code);
        Assert.Equal(status == 401 ? "Bearer" : null, response.Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("%zz")]
    [InlineData("a.b")]
    public async Task An_unknown_render_gets_404(string id)
    {
        Assert.Equal("not_found", (await GetAsync(id)).Code);
    }

    [Fact]
    public async Task When_the_writer_is_behind_the_client_is_told_to_retry()
    {
        Server.Gateway.Engagement = () => ValueTask.FromException<Engagement?>(new TimeoutException());

        var response = await GetAsync();

        Assert.Equal(503, response.Status);
        Assert.Equal("queue_unavailable", response.Code);
        Assert.Equal("1", response.Header("Retry-After"));
    }

    [Fact]
    public async Task A_failure_gets_500_without_its_text_and_is_logged_once()
    {
        Server.Gateway.Engagement = () => ValueTask.FromException<Engagement?>(new IOException("the secret path"));

        var response = await GetAsync();

        Assert.Equal(500, response.Status);
        Assert.Equal("internal", response.Code);
        Assert.DoesNotContain("secret", response.Body, StringComparison.Ordinal);
        Assert.Contains("the secret path", Assert.Single(Server.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_read_holds_up_no_event()
    {
        var release = new TaskCompletionSource();
        using var blocked = new ManualResetEventSlim();
        Server.Gateway.Engagement = () =>
        {
            // What a store may do: block the thread that it is called on.
            blocked.Set();
            release.Task.Wait();
            return new ValueTask<Engagement?>(new Engagement(0, 0, 0, 0, []));
        };
        var slow = GetAsync();
        await Task.Run(() => blocked.Wait(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

        var response = await Server.PostEventAsync(Requests.Viewed);
        release.SetResult();

        Assert.Equal(200, response.Status);
        Assert.Equal(200, (await slow).Status);
        Assert.NotEqual(0, Server.Gateway.EngagementThread);
    }

    private async Task<RawResponse> GetAsync(string id = InMemoryGateway.Render, string headers = Requests.Authorization)
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync(Encoding.ASCII.GetString(Requests.Get($"/v1/renders/{id}/engagement", headers)));
        return await connection.ReceiveAsync();
    }
}

/// <summary>The same over the platform's sockets.</summary>
public sealed class EngagementEndpointTestsOverSockets : EngagementEndpointTests
{
    private protected override TransportKind Transport => TransportKind.Sockets;
}
