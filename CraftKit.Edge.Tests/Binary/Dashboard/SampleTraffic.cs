using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace CraftKit.Edge.Tests.Binary.Dashboard;

/// <summary>Events as a service has them on a working day: some renders are opened more than others, some events come twice, and traffic swells and
/// ebbs. The same ones at each run.</summary>
internal sealed class SampleTraffic(EventClient events, IReadOnlyList<string> renders)
{
    private static readonly string[] Agents =
    [
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:138.0) Gecko/20100101 Firefox/138.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1",
    ];

    private static readonly string[] Metadata =
        ["""{"source":"mail","page":1}""", """{"source":"portal","page":4,"zoom":1.25}""", """{"source":"portal","language":"de","pages":[1,2,3]}"""];

    private readonly Random _random = new(7);
    private int _sent;

    /// <summary>Sends until it is told to stop.</summary>
    public async Task SendAsync(CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        while (!stop.IsCancellationRequested)
        {
            var second = watch.Elapsed.TotalSeconds;
            var perTenth = 3 + (2 * Math.Sin(second / 17)) + (1.5 * Math.Sin(second / 5.3)) + (_random.NextDouble() * 2.5);
            for (var n = 0; n < perTenth; n++)
            {
                // The square of an even share: the first of the renders have most of the readers.
                var render = renders[(int)(renders.Count * Math.Pow(_random.NextDouble(), 2))];
                var type = _random.Next(20) switch { < 14 => "viewed", < 18 => "downloaded", _ => "printed" };
                var address = string.Create(CultureInfo.InvariantCulture, $"198.18.{_sent / 250 % 250}.{_sent++ % 250}");
                await SendAsync(render, type, address);
                if (_random.Next(6) == 0)
                    await SendAsync(render, type, address);
            }

            await Task.Delay(100, CancellationToken.None);
        }
    }

    private async Task SendAsync(string render, string type, string address)
    {
        var body = $$"""{"eventType":"{{type}}","metadata":{{Metadata[_random.Next(Metadata.Length)]}}}""";
        var answer = await events.SendAsync(
            $"POST /v1/renders/{render}/events HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {events.ApiKey}\r\nX-Forwarded-For: {address}\r\n"
            + $"User-Agent: {Agents[_random.Next(Agents.Length)]}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        Assert.Equal(200, answer!.Status);
    }
}
