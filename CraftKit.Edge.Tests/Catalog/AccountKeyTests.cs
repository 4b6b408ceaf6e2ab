using System.Security.Cryptography;
using System.Text;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CraftKit.Edge.Tests.Catalog;

public sealed class AccountKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly KeyUses _uses = new(TimeProvider.System);
    private readonly CatalogStore _store;
    private readonly CatalogFollower _follower;
    private readonly AccountKeyAuthenticator _authenticator;

    public AccountKeyTests()
    {
        _store = CatalogStore.Open(_folder.FullPath, TimeProvider.System);
        _follower = new CatalogFollower(_folder.FullPath, TimeProvider.System, 42, NullLogger.Instance, _uses);
        _authenticator = new AccountKeyAuthenticator(_follower.Root);
        _follower.Start();
    }

    public void Dispose()
    {
        _follower.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_key_is_shown_once_and_stored_as_a_hash()
    {
        using var folder = new TemporaryFolder();
        CreatedAccountKey created;
        using (var store = CatalogStore.Open(folder.FullPath, TimeProvider.System))
        {
            created = store.AccountKeys.Create(" deploy ").Value;
            Assert.Equal(created.Key, Assert.Single(store.AccountKeys.List()));
        }

        Assert.Matches("^ck_acct_[0-9A-Za-z]{32,}$", created.Plaintext);
        Assert.Equal(created.Plaintext[..13], created.Key.Prefix);
        Assert.Equal(" deploy ", created.Key.Name);
        foreach (var path in Directory.GetFiles(folder.FullPath))
        {
            var content = File.ReadAllBytes(path).AsSpan();
            Assert.Equal(-1, content.IndexOf(Encoding.ASCII.GetBytes(created.Plaintext)));
            Assert.NotEqual(-1, content.IndexOf(SHA256.HashData(Encoding.ASCII.GetBytes(created.Plaintext))));
        }
    }

    [Fact]
    public void A_key_counts_from_its_creation_to_its_revocation()
    {
        Assert.False(_authenticator.Authenticate("Bearer ck_acct_0123456789abcdefghijABCDEFGHIJ01"));
        var (key, other) = (_store.AccountKeys.Create().Value, _store.AccountKeys.Create().Value);
        Assert.True(_follower.Refresh());
        Assert.True(_authenticator.Authenticate("Bearer " + key.Plaintext));

        Assert.NotNull(_store.AccountKeys.Revoke(key.Key.Id).Value.RevokedAt);
        Assert.True(_follower.Refresh());
        Assert.False(_authenticator.Authenticate("Bearer " + key.Plaintext));
        Assert.True(_authenticator.Authenticate("bearer   " + other.Plaintext));
        Assert.Equal([other.Key.Id, key.Key.Id], _store.AccountKeys.List().Select(listed => listed.Id));
        Assert.Equal(CatalogFault.KeyRevoked, _store.AccountKeys.Revoke(key.Key.Id).Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("{0}")]
    [InlineData("Bearer{0}")]
    [InlineData("Basic {0}")]
    [InlineData("Bearer {0}x")]
    [InlineData("Bearer {0} {0}")]
    [InlineData("Bearer é{0}")]
    [InlineData("Bearer {0}é")]
    public void Anything_else_opens_nothing(string header)
    {
        var key = _store.AccountKeys.Create().Value.Plaintext;
        Assert.True(_follower.Refresh());

        Assert.True(_authenticator.Authenticate("Bearer " + key));
        Assert.False(_authenticator.Authenticate(string.Format(null, header, key)));
        Assert.False(_authenticator.Authenticate("Bearer ck_acct_" + new string('x', 10_000)));
    }

    [Fact]
    public void Account_keys_and_project_keys_are_disjoint()
    {
        _ = _store.Projects.Add("P", "p").Value;
        var project = _store.Keys.Create("p").Value;
        var account = _store.AccountKeys.Create().Value;
        Assert.True(_follower.Refresh());

        Assert.False(_authenticator.Authenticate("Bearer " + project.Plaintext));
        Assert.Equal(AuthenticationStatus.Unauthorized, new ApiKeyAuthenticator(_follower.Root, KeyMac.CreateRandom()).Authenticate("Bearer " + account.Plaintext, out _));
        Assert.Equal(CatalogFault.KeyNotFound, _store.Keys.Revoke(account.Key.Id).Fault);
        Assert.Equal(CatalogFault.KeyNotFound, _store.AccountKeys.Revoke(project.Key.Id).Fault);
    }

    [Fact]
    public void The_use_of_a_key_is_marked_when_it_opens_something()
    {
        _ = _store.Projects.Add("P", "p").Value;
        var project = _store.Keys.Create("p").Value;
        var account = _store.AccountKeys.Create().Value;
        Assert.True(_follower.Refresh());
        Assert.Null(_uses.LastUse(account.Key.Id));
        Assert.True(_authenticator.Authenticate("Bearer " + account.Plaintext));
        var authenticator = new ApiKeyAuthenticator(_follower.Root, KeyMac.CreateRandom());
        Assert.Equal(AuthenticationStatus.Granted, authenticator.Authenticate("Bearer " + project.Plaintext, out _));

        Assert.NotNull(_uses.LastUse(account.Key.Id));
        Assert.NotNull(_uses.LastUse(project.Key.Id));

        // Another index of the keys marks in the same place.
        _ = _store.Keys.Create("p").Value;
        Assert.True(_follower.Refresh());
        Assert.Empty(_uses.Behind().Select(use => use.KeyId).Except([account.Key.Id, project.Key.Id]));
        Assert.Equal(AuthenticationStatus.Granted, authenticator.Authenticate("Bearer " + project.Plaintext, out _));
        Assert.True(_uses.Of(project.Key.Id).TryTake());
    }

    [Theory]
    [InlineData("", CatalogFault.InvalidName)]
    [InlineData("201", CatalogFault.InvalidName)]
    [InlineData("200", CatalogFault.None)]
    internal void A_key_has_a_name_of_1_to_200_units(string name, CatalogFault fault)
    {
        Assert.Equal(fault, _store.AccountKeys.Create(int.TryParse(name, out var length) ? new string('é', length) : name).Fault);
        Assert.Equal(CatalogFault.KeyNotFound, _store.AccountKeys.Revoke("k\u001b").Fault);
        Assert.Equal("Account key", _store.AccountKeys.Create().Value.Key.Name);
    }
}
