using CraftKit.Edge.Catalog;
using Xunit;

namespace CraftKit.Edge.Tests.Catalog;

public sealed class ApiKeyAuthenticatorTests
{
    private static readonly string Key = ApiKey.Create();
    private static readonly Project Lives = new(1, "p", deleted: false);

    private readonly CatalogRoot _root = new(With(Lives, Key));
    private readonly ApiKeyAuthenticator _authenticator;

    public ApiKeyAuthenticatorTests() => _authenticator = new ApiKeyAuthenticator(_root, KeyMac.CreateRandom());

    [Theory]
    [InlineData("Bearer {0}")]
    [InlineData("bearer {0}")]
    [InlineData("BEARER    {0}")]
    public void A_live_key_is_granted_again_and_again(string header)
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(AuthenticationStatus.Granted, Authenticate(string.Format(null, header, Key), out var project));
            Assert.Same(Lives, project);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("{0}")]
    [InlineData("Bearer{0}")]
    [InlineData("Bearer\t{0}")]
    [InlineData("Basic {0}")]
    [InlineData("Bearer {0}x")]
    [InlineData("Bearer {0},{0}")]
    [InlineData("Bearer {0} {0}")]
    [InlineData("Bearer é{0}")]
    [InlineData("Bearer ck_live_0123456789abcdef0123456789abcdef")]
    [InlineData("Bearer ck_acct_0123456789abcdef0123456789abcdef")]
    public void Anything_else_is_unauthorized(string header)
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(AuthenticationStatus.Granted, Authenticate("Bearer " + Key, out _));
            Assert.Equal(AuthenticationStatus.Unauthorized, Authenticate(string.Format(null, header, Key), out var project));
            Assert.Null(project);
        }
    }

    [Fact]
    public void A_key_that_is_far_too_long_is_unauthorized() =>
        Assert.Equal(AuthenticationStatus.Unauthorized, Authenticate("Bearer ck_live_" + new string('x', 10_000), out _));

    [Fact]
    public void A_key_of_a_deleted_project_is_forbidden()
    {
        Assert.Equal(AuthenticationStatus.Granted, Authenticate("Bearer " + Key, out _));
        _root.Publish(With(new Project(1, "p", deleted: true), Key));

        Assert.Equal(AuthenticationStatus.Forbidden, Authenticate("Bearer " + Key, out var project));
        Assert.Equal("p", project!.Id);
    }

    [Fact]
    public void A_revoked_key_is_unauthorized_at_once_though_it_was_remembered()
    {
        Assert.Equal(AuthenticationStatus.Granted, Authenticate("Bearer " + Key, out _));
        Assert.Equal(AuthenticationStatus.Granted, Authenticate("Bearer " + Key, out _));
        _root.Publish(With(Lives, ApiKey.Create()));

        Assert.Equal(AuthenticationStatus.Unauthorized, Authenticate("Bearer " + Key, out _));
    }

    [Fact]
    public void More_keys_than_are_remembered_are_all_granted()
    {
        var keys = Enumerable.Range(0, 10_000).Select(_ => ApiKey.Create()).ToArray();
        _root.Publish(With(Lives, keys));

        for (var round = 0; round < 2; round++)
            Assert.All(keys, key => Assert.Equal(AuthenticationStatus.Granted, Authenticate("Bearer " + key, out _)));
    }

    [Fact]
    public void A_key_seen_before_costs_no_allocation()
    {
        var header = "Bearer " + Key;
        var before = 0L;
        var granted = 0;
        for (var i = 0; i < 200; i++)
        {
            if (i == 100)
                before = GC.GetAllocatedBytesForCurrentThread();
            if (_authenticator.Authenticate(header, out _) == AuthenticationStatus.Granted)
                granted++;
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(200, granted);
    }

    [Fact]
    public async Task A_key_is_never_granted_after_its_revocation_was_published_whatever_other_threads_do()
    {
        var other = ApiKey.Create();
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(reader => Task.Factory.StartNew(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _ = _authenticator.Authenticate("Bearer " + Key, out var _);
                _ = _authenticator.Authenticate("Bearer " + other, out var _);
            }
        }, TaskCreationOptions.LongRunning)).ToArray();

        for (var i = 0; i < 2000; i++)
        {
            var live = i % 2 == 0 ? Key : other;
            _root.Publish(With(Lives, live));
            Assert.Equal(AuthenticationStatus.Granted, Authenticate("Bearer " + live, out _));
            Assert.Equal(AuthenticationStatus.Unauthorized, Authenticate("Bearer " + (live == Key ? other : Key), out _));
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public void Made_keys_use_the_whole_alphabet_evenly()
    {
        var counts = Enumerable.Range(0, 2000).SelectMany(_ => ApiKey.Create()[ApiKey.Scheme.Length..]).CountBy(c => c).ToDictionary();

        // 64,000 draws: each of 62 characters 1,032 times, give or take 32; six times that is nobody's luck.
        Assert.Equal(62, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 840, 1224));
    }

    private AuthenticationStatus Authenticate(string header, out Project? project) => _authenticator.Authenticate(header, out project);

    private static CatalogSnapshot With(Project project, params string[] keys) => CatalogSnapshot.Empty(1) with
    {
        Keys = new KeyIndex(keys.ToDictionary(key => KeyHash.Read(ApiKey.Hash(key)), key => new LiveKey("k", project))),
    };
}
