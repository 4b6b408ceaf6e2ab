using System.Text;
using CraftKit.Edge.Catalog;
using Xunit;

namespace CraftKit.Edge.Tests.Catalog;

public sealed class PackedIdTests
{
    private const string Uuid = "0190a3c4-5b6d-7e8f-9a0b-1c2d3e4f5a6b";

    [Fact]
    public void A_UUID_in_canonical_text_takes_16_bytes_in_network_order()
    {
        var packed = Pack(Uuid);

        Assert.Equal(new PackedId(0x0190_A3C4_5B6D_7E8F, 0x9A0B_1C2D_3E4F_5A6B, PackedId.Uuid), packed);
    }

    [Fact]
    public void Every_single_character_that_differs_makes_another_id_with_its_own_text()
    {
        var packed = new Dictionary<(PackedId, string), string>();
        for (var position = 0; position < Uuid.Length; position++)
        {
            for (var c = '\0'; c < 256; c++)
            {
                var id = new StringBuilder(Uuid) { [position] = c }.ToString();
                var form = Pack(id);
                Assert.Equal(IsCanonical(id), form.Form == PackedId.Uuid);
                Assert.Equal(id, Unpack(form, id));
                Assert.True(packed.TryAdd((form, form.IsLong ? id : ""), id) || packed[(form, form.IsLong ? id : "")] == id, id);
            }
        }
    }

    [Fact]
    public void Ids_of_every_length_come_back()
    {
        for (var length = 1; length <= 64; length++)
        {
            var id = new string('0', length);
            Assert.Equal(id, Unpack(Pack(id), id));
            Assert.Equal(length, Pack(id).Length);
        }
    }

    [Fact]
    public void Random_UUIDs_come_back_in_the_order_of_their_texts()
    {
        var random = new Random(7);
        var bytes = new byte[16];
        var last = (Text: "", Id: default(PackedId));
        for (var i = 0; i < 10_000; i++)
        {
            random.NextBytes(bytes);
            var id = new Guid(bytes).ToString();
            var packed = Pack(id);
            Assert.Equal(id, Unpack(packed, ""));
            Assert.Equal(
                string.CompareOrdinal(id, last.Text) < 0,
                packed.High != last.Id.High ? packed.High < last.Id.High : packed.Low < last.Id.Low);
            last = (id, packed);
        }
    }

    private static bool IsCanonical(string id) => Guid.TryParseExact(id, "D", out var guid) && guid.ToString() == id;

    private static PackedId Pack(string id) => PackedId.Pack(Encoding.Latin1.GetBytes(id));

    private static string Unpack(PackedId id, string text)
    {
        Span<byte> destination = stackalloc byte[64];
        return Encoding.Latin1.GetString(destination[..id.Unpack(Encoding.Latin1.GetBytes(text), destination)]);
    }
}
