using System.Reflection;
using System.Text;
using CraftKit.Edge.Events;
using CraftKit.Edge.Http;
using CraftKit.Edge.Tests.Http.Bulk;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

/// <summary>The reader of plain bodies against the general one: what the first recognises, the second has to read in the same way.</summary>
public sealed class PlainBodyReaderTests
{
    private const int Seed = 20_260_719;

    private static readonly string[] Samples =
    [
        """{"eventType":"viewed"}""",
        """{"eventType":"viewed","metadata":{"source":"dashboard","page":3,"referrer":"https://example.com/a/b?c=d","tags":["a","b"]}}""",
        "{ \"metadata\" : { \"a\" : [ 1 , -2.5e3 , { } , [ ] , [ true , false , null ] ] , \"\" : \"\" } ,\r\n\t\"eventType\" : \"printed\" }\n",
        """{"sourceIp":"203.0.113.7","eventType":"downloaded","renderId":"0197aaaa-0000-7000-8000-00000000000a","metadata":{"n":0}}""",
        """{"eventType":"viewed","metadata":{"n":0},"renderId":"r-1","sourceIp":"::1"}""",
        "{\"metadata\":{\"long\":\"" + new string('x', 150) + "\",\"city\":\"Z\u00fcrich \u20ac \U0001F600\"},\"eventType\":\"viewed\"}",
    ];

    [Theory]
    [InlineData("""{"eventType":"viewed"}""")]
    [InlineData("""{"eventType":"downloaded","metadata":{}}""")]
    [InlineData("""{"metadata":{ },"eventType":"printed"}""")]
    [InlineData("""{"eventType":"viewed","metadata":{"a":1,"a":2,"n":1e999,"deep":[[[{"x":[{}]}]]]}}""")]
    [InlineData("""{"eventType":"viewed","metadata":{"a":"b","c":"d","e":["f","g",1,"h"],"i":{"j":"k"}}}""")]
    [InlineData("{\"eventType\":\"viewed\",\"metadata\":{\"city\":\"Z\u00fcrich\",\"\u20ac\":\"\U0001F600\"}}")]
    public void An_ordinary_body_is_recognised(string body)
    {
        Assert.True(Recognises(Encoding.UTF8.GetBytes(body), isItem: false));
    }

    [Theory]
    [InlineData("""{"renderId":"r-1","eventType":"viewed"}""")]
    [InlineData("""{"eventType":"viewed","renderId":"r-1","sourceIp":"203.0.113.7"}""")]
    [InlineData("""{"sourceIp":"[2001:db8::1]:443","metadata":{"renderId":1},"renderId":"r-1","eventType":"viewed"}""")]
    [InlineData("{\"renderId\":\"\u20ac\",\"eventType\":\"viewed\"}")]
    public void An_ordinary_item_is_recognised(string item)
    {
        Assert.True(Recognises(Encoding.UTF8.GetBytes(item), isItem: true));
    }

    [Theory]
    [InlineData("""{"eventType":"view\u0065d"}""")]
    [InlineData("\uFEFF{\"eventType\":\"viewed\"}")]
    [InlineData("""{"eventType":"viewed","eventType":"viewed"}""")]
    [InlineData("""{"eventType":"viewed","metadata":{},"metadata":{}}""")]
    [InlineData("""{"eventType":"viewed","metadata":null}""")]
    [InlineData("""{"eventType":"viewed","metadata":{"a":"\n"}}""")]
    [InlineData("""{"eventType":"viewed","other":1}""")]
    [InlineData("""{"eventType":"opened"}""")]
    [InlineData("""{"metadata":{}}""")]
    [InlineData("{}")]
    public void What_is_unusual_is_left_to_the_general_reader(string body)
    {
        Assert.False(Recognises(Encoding.UTF8.GetBytes(body), isItem: false));
    }

    [Fact]
    public void Nesting_is_recognised_to_16_levels_of_metadata()
    {
        Assert.True(Recognises(Nested(15), isItem: false));
        Assert.False(Recognises(Nested(16), isItem: false));
        Assert.False(Recognises(Nested(100_000), isItem: false));

        static byte[] Nested(int within) => Encoding.UTF8.GetBytes(
            $$$"""{"eventType":"viewed","metadata":{"a":{{{new string('[', within)}}}{{{new string(']', within)}}}}}""");
    }

    [Fact]
    public void The_bodies_of_the_other_tests_are_read_alike()
    {
        var bodies = new[] { typeof(EventBodyReaderTests), typeof(ItemReaderTests) }
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .SelectMany(method => method.GetCustomAttributes<InlineDataAttribute>())
            .Select(row => row.Data[0]).OfType<string>().Select(Encoding.UTF8.GetBytes).ToList();

        Assert.True(bodies.Count > 100, $"{bodies.Count} bodies");
        Assert.InRange(bodies.Count(body => Recognises(body, isItem: false) | Recognises(body, isItem: true)), 5, bodies.Count / 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_plain_body_is_recognised_whatever_its_order_and_whitespace(bool isItem)
    {
        var writer = new BodyWriter(new Random(Seed), isItem, isPlain: true);
        for (var i = 0; i < 20_000; i++)
        {
            var body = writer.Write();

            Assert.True(Recognises(body, isItem), Describe(body));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bodies_of_all_kinds_are_read_alike_and_so_are_their_mutations(bool isItem)
    {
        var random = new Random(Seed);
        var writer = new BodyWriter(random, isItem, isPlain: false);
        var recognised = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var body = Mutation.Of(random, writer.Write(), "{}[]\",:\\u0dD8fFeE/-+.19 \n\t\0"u8, foreign: 4);
            recognised += Recognises(body, isItem) ? 1 : 0;
        }

        Assert.InRange(recognised, 20_000, 90_000);
    }

    [Fact]
    public void Every_byte_of_a_body_may_be_any_other()
    {
        var recognised = 0;
        foreach (var sample in Samples.Select(Encoding.UTF8.GetBytes))
        {
            for (var at = 0; at < sample.Length; at++)
            {
                for (var other = 0; other < 256; other++)
                {
                    byte[] body = [.. sample];
                    body[at] = (byte)other;
                    recognised += Recognises(body, isItem: false) | Recognises(body, isItem: true) ? 1 : 0;
                }
            }
        }

        Assert.True(recognised > 10_000, $"{recognised}");
    }

    [Fact]
    public void A_body_that_is_cut_off_is_never_recognised()
    {
        foreach (var sample in Samples.Select(text => Encoding.UTF8.GetBytes(text.TrimEnd())))
        {
            Assert.True(Recognises(sample, isItem: false) | Recognises(sample, isItem: true));
            for (var length = 0; length < sample.Length; length++)
                Assert.False(Recognises(sample[..length], isItem: false) | Recognises(sample[..length], isItem: true), Describe(sample[..length]));
        }
    }

    [Fact]
    public void Any_part_of_a_body_may_be_missing()
    {
        foreach (var sample in Samples.Select(Encoding.UTF8.GetBytes))
        {
            for (var start = 0; start < sample.Length; start++)
            {
                for (var end = start + 1; end <= sample.Length; end++)
                {
                    byte[] body = [.. sample[..start], .. sample[end..]];
                    Recognises(body, isItem: false);
                    Recognises(body, isItem: true);
                }
            }
        }
    }

    [Fact]
    public void A_stop_is_found_wherever_it_is_in_a_string()
    {
        byte[][] stops = ["\\n"u8.ToArray(), [0], [0x1F], [0x80], [0xC3, 0x28], [0xFF]];
        for (var length = 1; length < 140; length++)
        {
            for (var at = 0; at < length; at++)
            {
                foreach (var stop in stops)
                {
                    byte[] body =
                    [
                        .. "{\"eventType\":\"viewed\",\"metadata\":{\"s\":\""u8,
                        .. Enumerable.Repeat((byte)'x', at), .. stop, .. Enumerable.Repeat((byte)'x', length - at - 1), .. "\"}}"u8,
                    ];

                    Assert.False(Recognises(body, isItem: false), Describe(body));
                }
            }
        }
    }

    [Fact]
    public void A_plain_item_is_read_without_allocating()
    {
        var item = Encoding.UTF8.GetBytes(Samples[3]);
        var id = new byte[EventRecord.MaxIdLength];
        var before = 0L;
        var read = 0;
        for (var i = 0; i < 2_000; i++)
        {
            if (i == 1_000)
                before = GC.GetAllocatedBytesForCurrentThread();
            read += PlainBodyReader.TryRead(item, id, isItem: true, out _) ? 1 : 0;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2_000, read);
    }

    /// <summary>Whether the body is recognised; if so, the general reader has to read the same.</summary>
    private static bool Recognises(byte[] body, bool isItem)
    {
        Span<byte> plainId = stackalloc byte[EventRecord.MaxIdLength], id = stackalloc byte[EventRecord.MaxIdLength];
        if (!PlainBodyReader.TryRead(body, isItem ? plainId : default, isItem, out var plain))
            return false;
        var read = isItem ? EventBodyReader.ReadAnyItem(body, id) : EventBodyReader.ReadAny(body);
        var isSame = plain.IsJson && read.IsJson && plain.Issues is null && read.Issues is null && plain.Type == read.Type
            && plain.Metadata == read.Metadata && plain.RenderId.SequenceEqual(read.RenderId) && plain.SourceIp == read.SourceIp;
        Assert.True(isSame, Describe(body));
        return true;
    }

    private static string Describe(byte[] body) => $"{Convert.ToHexString(body)} {Encoding.UTF8.GetString(body)}";
}
