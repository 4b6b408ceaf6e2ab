using System.Text;
using CraftKit.Edge.Bench.EndToEnd.Contests;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.Statistics;
using CraftKit.Edge.Http;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Bench;

/// <summary>What is sent to servers under load, and how their answers are counted.</summary>
public sealed class LoadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(8192)]
    public void A_request_carries_metadata_of_the_size_asked_for_and_the_service_takes_it(int bytes)
    {
        var body = RequestTemplate.BodyOf(bytes);

        var read = EventBodyReader.Read(Encoding.ASCII.GetBytes(body));

        Assert.True(read.IsJson);
        Assert.Null(read.Issues);
        Assert.Equal(bytes, read.Metadata.Length);
    }

    [Fact]
    public void Requests_differ_in_render_and_address_alone()
    {
        var template = new RequestTemplate("edge.example", "ck_live_x", 200);
        string Of(long number)
        {
            var bytes = new byte[template.Length];
            template.Write(bytes, number);
            return Encoding.ASCII.GetString(bytes);
        }

        var text = Of(1_234_567);

        Assert.Contains($"/v1/renders/{EventKeys.RenderId(567)}/events HTTP/1.1\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Forwarded-For: 203.100.112.134\r\n", text, StringComparison.Ordinal);
        Assert.Equal(Of(0), text.Replace(EventKeys.RenderId(567), EventKeys.RenderId(0), StringComparison.Ordinal).Replace("203.100.112.134", "203.100.100.100", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_number_is_a_key_of_its_own()
    {
        long[] numbers = [0, 1, 999, 1000, 999_999, 1_000_000, 123_456_789, 999_999_999];

        var keys = numbers.Select(number => (EventKeys.RenderOf(number), EventKeys.AddressOf(number))).ToList();

        Assert.Equal(numbers.Length, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Equal(15, key.Item2.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => EventKeys.AddressOf(1_000_000_000));
    }

    [Fact]
    public void New_events_are_never_sent_twice_and_repeats_are_of_live_ones()
    {
        var traffic = new Traffic(liveKeys: 1000, newInTen: 1);

        var first = traffic.Next(2000, out var firstNew);
        var second = traffic.Next(2000, out var secondNew);

        Assert.Equal(1000, firstNew);
        Assert.Equal(1200, secondNew);
        Assert.Equal(200, first.Count(number => number >= firstNew));
        Assert.All(first.Where(number => number < firstNew), number => Assert.InRange(number, 0, 999));
        Assert.Empty(first.Where(number => number >= firstNew).Intersect(second.Where(number => number >= secondNew)));
    }

    [Fact]
    public void A_file_of_requests_says_which_events_were_sent()
    {
        using var folder = new TemporaryFolder();
        var template = new RequestTemplate("h", "k", 0);
        using var file = new RequestFile(folder["requests"], template, [7, 1000, 8, 1001]);

        Assert.Equal(4 * template.Length, new FileInfo(file.Path).Length);
        Assert.Equal(8, file.NumberOf(6));
        Assert.Equal(1, file.CountFrom(1000, sent: 3));
        Assert.Equal(2, file.CountFrom(1000, sent: 9));
    }

    [Fact]
    public void The_bytes_that_a_client_read_tell_how_many_events_were_recorded()
    {
        var lengths = AnswerLengths.ByDuplicate(150);

        Assert.Equal(0, lengths.RecordedIn(10, 1500));
        Assert.Equal(3, lengths.RecordedIn(10, 1497));
        Assert.Throws<InvalidOperationException>(() => lengths.RecordedIn(10, 1489));
        Assert.Throws<InvalidOperationException>(() => lengths.RecordedIn(10, 1501));
    }

    [Fact]
    public void The_line_that_wrk_prints_is_read()
    {
        var load = WrkClient.Read("RESULT 2000000 1010 1000 149900 0 0 0 500 2000 9000 250000", AnswerLengths.ByDuplicate(150), new CpuUsage(1.5, 77));

        Assert.Equal((500d, 10L, 100L), (load.Rate, load.CutOff, load.Recorded));
        Assert.Equal((1.25, 77L), (load.ClientSeconds, load.ClientSleeps));
        Assert.Equal((500d, 2000d, 9000d), (load.P50, load.P99, load.P999));
    }

    [Theory]
    [InlineData("Content-Length: 17\r\n\r\n{\"recorded\":true}", true)]
    [InlineData("Content-Length: 18\r\n\r\n{\"recorded\":false}", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n11\r\n{\"recorded\":true}\r\n0\r\n\r\n", true)]
    public void Both_answers_are_known_in_one_piece_or_in_chunks(string rest, bool recorded)
    {
        var text = $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{rest}";

        Assert.Equal(new Answer(recorded, text.Length), Answer.Read(text));
        Assert.True(OneByOne.IsWhole(Encoding.ASCII.GetBytes(text)));
        Assert.All(Enumerable.Range(0, text.Length), length => Assert.False(OneByOne.IsWhole(Encoding.ASCII.GetBytes(text[..length]))));
    }

    [Fact]
    public void Any_other_answer_is_a_fault() =>
        Assert.Throws<InvalidOperationException>(() => Answer.Read("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 18\r\n\r\n{\"recorded\":false}"));

    [Theory]
    [InlineData(100, 95, 5, 100, true)] // five answers were not waited for, all were stored
    [InlineData(100, 100, 0, 100, true)]
    [InlineData(100, 100, 0, 99, false)] // one that was acknowledged is not there
    [InlineData(100, 90, 5, 100, false)] // more are there than anybody can have been told of
    [InlineData(100, 100, 0, 101, false)] // one was stored twice
    public void The_database_must_hold_what_was_sent_and_answered(long sent, long recorded, long cutOff, long stored, bool isRight) =>
        Assert.Equal(isRight, new EventBalance { Sent = sent, Recorded = recorded, CutOff = cutOff, Stored = stored }.IsRight);

    [Fact]
    public void What_was_refused_need_not_be_stored_but_what_was_acknowledged_must()
    {
        Assert.True(new EventBalance { Sent = 100, Recorded = 90, Refused = 10, Stored = 90 }.IsRight);
        Assert.False(new EventBalance { Sent = 100, Recorded = 90, Refused = 10, Stored = 89 }.IsRight);
        Assert.False(new EventBalance { Recorded = 1 }.IsRight);
    }
}
