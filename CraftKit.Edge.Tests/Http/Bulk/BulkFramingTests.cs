using System.Text;
using System.Text.Json;
using CraftKit.Edge.Http;
using CraftKit.Edge.Http.Bulk;
using CraftKit.Edge.Json;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Bulk;

/// <summary>Where the items of a body are, in however many pieces it comes.</summary>
public sealed class BulkFramingTests
{
    private const int MaxItem = 40;

    /// <summary>Bodies, and what is found in them: the items, <c>!</c> for a fault, <c>~</c> for an item that is too large.</summary>
    public static TheoryData<string, string[]> Bodies { get; } = new()
    {
        { "", [] },
        { " \r\n\t\n", [] },
        { "\uFEFF", [] },
        { "\uFEFF \n", [] },
        // Arrays
        { "[]", [] },
        { " [ ] \n", [] },
        { "\uFEFF[]", [] },
        { "[{}]", ["{}"] },
        { "[{},{}]", ["{}", "{}"] },
        { "\uFEFF \t[ {\"a\" : 1} ,\r\n{} ]\n", ["{\"a\" : 1}", "{}"] },
        { "[1,-2.5e3,\"x\",true,false,null,[],[[1],{}]]", ["1", "-2.5e3", "\"x\"", "true", "false", "null", "[]", "[[1],{}]"] },
        { "[1 , 2 ]", ["1", "2"] },
        { """[{"a":"},]["},{"b":"\"}\\"},"\\",{}]""", ["""{"a":"},]["}""", """{"b":"\"}\\"}""", "\"\\\\\"", "{}"] },
        { """[{"a":{"b":[{},[]]}},{}]""", ["""{"a":{"b":[{},[]]}}""", "{}"] },
        // Items that are no JSON but end where they end
        { "[tru,{}]", ["tru", "{}"] },
        { "[nonsense,01,1.2.3]", ["nonsense", "01", "1.2.3"] },
        { "[{a:1},{]},{}]", ["{a:1}", "{]", "!"] },
        { "[{\"a\" 1 nope},{}]", ["{\"a\" 1 nope}", "{}"] },
        { "[{\"a\":[1}],{}]", ["{\"a\":[1}]", "{}"] },
        { "[\"\\x\n\",{}]", ["\"\\x\n\"", "{}"] },
        // Faults of the framing
        { "[", ["!"] },
        { "[ ", ["!"] },
        { "[{}", ["{}", "!"] },
        { "[{} ", ["{}", "!"] },
        { "[{},", ["{}", "!"] },
        { "[{},]", ["{}", "!"] },
        { "[,{}]", ["!"] },
        { "[{},,{}]", ["{}", "!"] },
        { "[{} {}]", ["{}", "!"] },
        { "[{}{}]", ["{}", "!"] },
        { "[1 2]", ["1", "!"] },
        { "[1\"a\"]", ["1", "!"] },
        { "[1{}]", ["1", "!"] },
        { "[{}:{}]", ["{}", "!"] },
        { "[{},@,{}]", ["{}", "!"] },
        { "[{}]x", ["{}", "!"] },
        { "[{}] []", ["{}", "!"] },
        { "[{}],", ["{}", "!"] },
        { "[]]", ["!"] },
        { "[}", ["!"] },
        { "[:", ["!"] },
        { "[{\"a\":1", ["!"] },
        { "[{\"a\":\"", ["!"] },
        { "[{\"a\":\"\\", ["!"] },
        { "[{}}]", ["{}", "!"] },
        { "[\uFEFF{}]", ["!"] },
        { "[\0]", ["!"] },
        { "[{}//\n]", ["{}", "!"] },
        // Lines
        { "{}", ["{}"] },
        { "{}\n", ["{}"] },
        { "{}\r\n{}\r\n", ["{}", "{}"] },
        { "\n \n{}\n\r\n\t{}\n\n", ["{}", "{}"] },
        { "{} \n {}", ["{} ", "{}"] },
        { "\uFEFF{}\n{}", ["{}", "{}"] },
        { "\uFEFF\n{}", ["{}"] },
        { "{}\n\uFEFF{}", ["{}", "\uFEFF{}"] },
        { "\uFEFF\uFEFF{}", ["\uFEFF{}"] },
        { "nope\n{}\n{\"a\":", ["nope", "{}", "{\"a\":"] },
        { "{}\n[]\n1\n", ["{}", "[]", "1"] },
        { "{},{}\n", ["{},{}"] },
        { "{}\r{}\n", ["{}\r{}"] },
        { "\"a\\\nb\"", ["\"a\\", "b\""] },
        // Sizes
        { $"{new string('x', MaxItem)}\n{new string('x', MaxItem)}", [new string('x', MaxItem), new string('x', MaxItem)] },
        { $"{new string('x', MaxItem)}\r\n{new string('x', MaxItem)}\r", [new string('x', MaxItem), new string('x', MaxItem)] },
        { $"{new string('x', MaxItem + 1)}\n{{}}\n{new string('x', MaxItem + 1)}", ["~", "{}", "~"] },
        { $"{new string('x', MaxItem + 1)}\r\n{new string('x', MaxItem - 1)} \n{new string('x', MaxItem)} \n", ["~", new string('x', MaxItem - 1) + " ", "~"] },
        { $"   {new string('x', MaxItem)}\n", [new string('x', MaxItem)] },
        { $"[\"{new string('x', MaxItem - 2)}\",\"{new string('x', MaxItem - 1)}\",{{}}]", [$"\"{new string('x', MaxItem - 2)}\"", "~", "{}"] },
        { $"[{new string('1', MaxItem)},{new string('1', MaxItem + 1)} ,{{\"a\":\"{new string(']', 3 * MaxItem)}\"}},{{}}]", [new string('1', MaxItem), "~", "~", "{}"] },
        { $"[{new string(' ', 2 * MaxItem)}{{}}{new string(' ', 2 * MaxItem)},{{}}]", ["{}", "{}"] },
        { $"[{{\"a\":\"{new string('x', 3 * MaxItem)}", ["!"] },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Items_and_faults_are_found_wherever_the_body_is_cut(string body, string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        Assert.Equal(expected, Find([bytes]));
        for (var cut = 1; cut < bytes.Length; cut++)
            Assert.Equal(expected, Find([bytes[..cut], bytes[cut..]]));
        Assert.Equal(expected, Find(bytes.Select(one => new[] { one })));
        Assert.Equal(expected, Find(bytes.SelectMany(one => new byte[][] { [], [one] })));
    }

    [Fact]
    public void Bytes_that_are_no_text_move_no_border()
    {
        byte[] bytes = [.. "[{\"a\":\""u8, 0xC3, .. "\"},{\"b\":\""u8, 0xFF, 0xE2, 0x82, .. "\"}]"u8];

        Assert.Equal(["{\"a\":\"\uFFFD\"}", "{\"b\":\"\uFFFD\uFFFD\"}"], Find([bytes]));
    }

    [Fact]
    public void A_mark_that_breaks_off_is_the_beginning_of_a_line()
    {
        Assert.Equal(["\uFFFD"], Find([[0xEF]]));
        Assert.Equal(["\uFFFD"], Find([[0xEF], [0xBB]]));
        Assert.Equal(["\uFFFD[]", "{}"], Find([[0xEF, 0xBB, .. "[]\n{}"u8]]));
    }

    [Fact]
    public void An_array_is_whole_exactly_when_the_framing_and_every_item_are()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] seeds =
        [
            """[{"renderId":"r","eventType":"viewed"},{"renderId":"q","metadata":{"a":[1,2.5e3,"\u00e9\ud83d\ude00\\\""]}}]""",
            "[ 1, -0 ,\ttrue,\"a\\nb\", [ ], {\"x\":[{}]},null\r\n]\n",
            "[[[[[]]]],\"\u00e9\u20ac\U0001F600\",{\"]\":\"[\"}]",
        ];
        var verdicts = new int[2];
        for (var i = 0; i < 40_000; i++)
        {
            var body = Mutate(random, Encoding.UTF8.GetBytes(seeds[i % seeds.Length]));
            if (body.AsSpan().TrimStart(" \t\r\n"u8) is not [(byte)'[', ..])
                continue;
            var whole = IsJson(body, maxDepth: JsonRules.MaxDepth + 1);
            var found = Find(Cut(random, body), maxItem: 1000);
            var good = found.All(item => item != "!" && EventBodyReader.ReadItem(Encoding.UTF8.GetBytes(item), new byte[64]).IsJson);
            verdicts[whole ? 1 : 0]++;

            // What is not UTF-8 comes back from the test's own reading as UTF-8; it is only in doubt then.
            Assert.True(whole == good || (!whole && found.Any(item => item.Contains('\uFFFD', StringComparison.Ordinal))),
                $"seed {seed}: {Encoding.Latin1.GetString(body)}: whole {whole}, found {string.Join(" | ", found)}");
            if (whole)
                Assert.Equal(JsonDocument.Parse(body).RootElement.EnumerateArray().Select(element => element.GetRawText()), found);
        }

        Assert.All(verdicts, count => Assert.True(count > 2_000, string.Join(' ', verdicts)));
    }

    [Fact]
    public void However_a_body_is_cut_the_same_is_found()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] seeds =
        [
            """[{"renderId":"r","eventType":"viewed"},{"renderId":"q","metadata":{"a":"\\\""}} , tru, 12345678901234567890123456789012345678901234567890]""",
            "{\"renderId\":\"r\"}\r\n\n  {\"renderId\":\"0123456789012345678901234567890123456789\"}\n[1]\r\n",
            "\uFEFF[{},[],\"\u00e9\"]",
        ];
        for (var i = 0; i < 20_000; i++)
        {
            var body = Mutate(random, Encoding.UTF8.GetBytes(seeds[i % seeds.Length]));
            Assert.True(Find([body]).SequenceEqual(Find(Cut(random, body))), $"seed {seed}: {Convert.ToHexString(body)}");
        }
    }

    private static List<string> Find(IEnumerable<byte[]> pieces, int maxItem = MaxItem)
    {
        using var framing = new BulkFraming(maxItem);
        var found = new List<string>();
        foreach (var piece in pieces)
        {
            // Each piece lies in memory that is then written over, as the server's does.
            var copy = piece.ToArray();
            ReadOnlySpan<byte> rest = copy;
            FramingStatus status;
            while ((status = framing.Next(ref rest, out var item)) != FramingStatus.More)
            {
                found.Add(Show(status, item));
                if (status == FramingStatus.Fault)
                {
                    Assert.Equal(FramingStatus.Fault, framing.End(out _));
                    return found;
                }
            }

            Assert.True(rest.IsEmpty);
            copy.AsSpan().Fill((byte)'?');
        }

        FramingStatus last;
        while ((last = framing.End(out var item)) is FramingStatus.Item or FramingStatus.TooLarge)
            found.Add(Show(last, item));
        if (last == FramingStatus.Fault)
            found.Add("!");
        return found;
    }

    private static string Show(FramingStatus status, ReadOnlySpan<byte> item) => status switch
    {
        FramingStatus.Item => Encoding.UTF8.GetString(item),
        FramingStatus.TooLarge => "~",
        _ => "!",
    };

    private static IEnumerable<byte[]> Cut(Random random, byte[] body)
    {
        for (var start = 0; start < body.Length;)
        {
            var length = Math.Min(random.Next(1, 12), body.Length - start);
            yield return body[start..(start + length)];
            start += length;
        }
    }

    private static byte[] Mutate(Random random, byte[] body) => Mutation.Of(random, body, "{}[]\",:\\u0dD8tfn-+.19 \n\t\r\0"u8, foreign: 8);

    /// <summary>The framework's own document reader, a strict decoder, and a look for surrogates that stand alone.</summary>
    private static bool IsJson(byte[] body, int maxDepth)
    {
        try
        {
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body);
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = maxDepth });
            _ = Strings(document.RootElement).Count();
            return true;
        }
        catch (Exception exception) when (exception is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Every string and name; to decode one with half a surrogate pair throws.</summary>
    private static IEnumerable<string?> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Strings(member.Value).Prepend(member.Name)),
        _ => [],
    };
}
