using CraftKit.Edge.Catalog;
using Xunit;

namespace CraftKit.Edge.Tests.Catalog;

public sealed class SlugTests
{
    [Theory]
    [InlineData("Acme", "acme")]
    [InlineData("  Acme, Inc.  (EU) ", "acme-inc-eu")]
    [InlineData("a---b__c", "a-b-c")]
    [InlineData("Café Ünïtéd", "cafe-united")]
    [InlineData("Cafe\u0301", "cafe")]
    [InlineData("ﬁne ① Ａ ½", "fine-1-a-1-2")]
    [InlineData("Straße", "stra-e")]
    [InlineData("𝐁old", "bold")]
    [InlineData("Ệ", "e")]
    [InlineData("東京", "project")]
    [InlineData("-", "project")]
    [InlineData("\u0301", "project")]
    [InlineData("東京 2026", "2026")]
    [InlineData("\ud800x", "x")]
    public void A_slug_is_the_name_in_kebab_case(string name, string slug) => Assert.Equal(slug, Slug.Of(name));
}
