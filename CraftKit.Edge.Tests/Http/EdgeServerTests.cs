using System.Net;
using System.Net.Sockets;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Http;
using CraftKit.Edge.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

public class EdgeServerTests
{
    private protected virtual TransportKind Transport => TransportKind.Epoll;

    [Fact]
    public async Task Stopping_answers_what_is_in_flight()
    {
        await using var server = await RunningServer.StartAsync(Transport);
        var commit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Gateway.Commit = () => new ValueTask(commit.Task);
        await using var idle = await server.ConnectAsync();
        await using var busy = await server.ConnectAsync();
        await busy.SendAsync(Requests.Event(Requests.Viewed));
        while (server.Gateway.Recorded.IsEmpty)
            await Task.Delay(1, TestContext.Current.CancellationToken);

        var stopping = server.Server.StopAsync(TimeSpan.FromSeconds(10));
        Assert.True(await idle.EndsAsync());
        Assert.False(stopping.IsCompleted);
        commit.SetResult();

        Assert.Equal(200, (await busy.ReceiveAsync()).Status);
        Assert.True(await busy.EndsAsync());
        await stopping;
        await Assert.ThrowsAsync<SocketException>(async () => await RawConnection.ConnectAsync(server.EndPoint));
    }

    [Fact]
    public async Task Stopping_waits_no_longer_than_its_grace()
    {
        await using var server = await RunningServer.StartAsync(Transport);
        server.Gateway.Commit = () => new ValueTask(new TaskCompletionSource().Task);
        await using var busy = await server.ConnectAsync();
        await busy.SendAsync(Requests.Event(Requests.Viewed));
        await using var half = await server.ConnectAsync();
        await half.SendAsync("POST /v1/ren");
        while (server.Gateway.Recorded.IsEmpty)
            await Task.Delay(1, TestContext.Current.CancellationToken);

        await server.Server.StopAsync(TimeSpan.FromMilliseconds(300)).WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        Assert.True(await busy.EndsAsync());
    }

    [Fact]
    public async Task A_port_in_use_is_named_in_one_line()
    {
        await using var server = await RunningServer.StartAsync(Transport);
        await using var second = new EdgeServer(new EdgeServerOptions { Url = server.Url, Transport = Transport }, server.Gateway, server.Log, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<EdgeException>(() => second.StartAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith(server.Url, failure.Message, StringComparison.Ordinal);
        Assert.Contains("in use", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.Equal(1, failure.ExitCode);
    }

    [Fact]
    public async Task An_admin_port_in_use_gives_the_data_port_back()
    {
        await using var server = await RunningServer.StartAsync(Transport);
        var port = FreePort();
        var options = new EdgeServerOptions { Url = $"http://127.0.0.1:{port}", AdminUrl = server.AdminUrl, Transport = Transport };
        await using (var second = new EdgeServer(options, server.Gateway, server.Log, TimeProvider.System))
            await Assert.ThrowsAsync<EdgeException>(() => second.StartAsync(TestContext.Current.CancellationToken));

        await using var third = new EdgeServer(options with { AdminUrl = null }, server.Gateway, server.Log, TimeProvider.System);
        Assert.Equal([$"http://127.0.0.1:{port}"], await third.StartAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("http://192.0.2.1:0", "address")]
    [InlineData("127.0.0.1:8080", "http://")]
    [InlineData("http://127.0.0.1:99999", "port")]
    [InlineData("http://127.0.0.1:", "port")]
    [InlineData("http://edge.example:8080", "host")]
    [InlineData("http://127.0.0.1:8080/path", "port")]
    [InlineData("http://[::1%1]:8080", "host")]
    [InlineData("http://", "host")]
    public async Task A_url_that_cannot_be_listened_on_is_named_in_one_line(string url, string reason)
    {
        await using var server = new EdgeServer(new EdgeServerOptions { Url = url, Transport = Transport }, new InMemoryGateway(), new LogLines(), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<EdgeException>(() => server.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(url, failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Theory]
    [InlineData("http://localhost:0", "127.0.0.1")]
    [InlineData("http://*:0", "127.0.0.1")]
    [InlineData("http://0.0.0.0:0/", "127.0.0.1")]
    [InlineData("http://[::1]:0", "::1")]
    public async Task The_usual_spellings_of_a_url_are_listened_on(string url, string address)
    {
        await using var server = new EdgeServer(new EdgeServerOptions { Url = url, Transport = Transport }, new InMemoryGateway(), new LogLines(), TimeProvider.System);
        var bound = Assert.Single(await server.StartAsync(TestContext.Current.CancellationToken));

        using var client = new HttpClient();
        var port = new Uri(bound).Port;
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        Assert.Equal("""{"status":"ok"}""", await client.GetStringAsync(new Uri($"http://{host}:{port}/healthz"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_socket_threads_are_set_unless_the_operator_did()
    {
        SocketThreads.Configure(0);

        Assert.Equal("1", Environment.GetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"));
        Assert.Equal(Math.Max(1, Environment.ProcessorCount - 1).ToString(System.Globalization.CultureInfo.InvariantCulture), Environment.GetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"));
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "7");
        SocketThreads.Configure(0);
        Assert.Equal("7", Environment.GetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"));
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", null);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

/// <summary>The same over the platform's sockets.</summary>
public sealed class EdgeServerTestsOverSockets : EdgeServerTests
{
    private protected override TransportKind Transport => TransportKind.Sockets;
}
