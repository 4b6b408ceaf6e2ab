using System.Text;

namespace CraftKit.Edge.Tests.Http;

/// <summary>Writes bodies of events and items at random, with members in any order, whitespace anywhere and any metadata.</summary>
/// <param name="random">Chooses.</param>
/// <param name="isItem">Whether a body names its render, and perhaps its source.</param>
/// <param name="isPlain">Whether everything in it is of the kind that the reader of plain bodies has to recognise.</param>
internal sealed class BodyWriter(Random random, bool isItem, bool isPlain)
{
    private static readonly string[] PlainTexts = ["", "a", "page", "dashboard", "Z\u00fcrich", "\u20ac\U0001F600", "{[:,]}", "'/ //", "0123456789abcdef"];
    private static readonly string[] OtherTexts = ["\\n", "\\u00e9", "\\ud83d\\ude00", "\\\"", "\\\\", "\\/", "\\ud800", "\u0001", "\t", "\\x"];
    private static readonly string[] PlainScalars = ["true", "false", "null", "0", "-0", "7", "12.50", "-1e5", "2E+10", "3.25e-7", "1e999"];
    private static readonly string[] OtherScalars = ["01", "1.", ".5", "+1", "-", "1e", "1e+", "NaN", "tru", "nulll", "0x1", ""];
    private static readonly string[] Addresses = ["203.0.113.7", "203.0.113.7:80", "::1", "[2001:db8::1]:443", "::ffff:10.0.0.1"];

    private readonly StringBuilder _text = new();

    /// <summary>Writes one body.</summary>
    public byte[] Write()
    {
        _text.Clear();
        List<Action> members = [() => WriteMember("eventType", () => WriteQuoted(Pick(["viewed", "downloaded", "printed"], ["opened", "", "view\\u0065d"])))];
        if (Maybe(3, 4))
            members.Add(() => WriteMember("metadata", () => WriteObject(1)));
        if (isItem)
            members.Add(() => WriteMember("renderId", () => WriteQuoted(Pick(["r-1", new string('i', 64), "0197aaaa-0000-7000-8000-00000000000a"], ["", "\\u0072", new string('i', 65)]))));
        if (isItem && Maybe(1, 2))
            members.Add(() => WriteMember("sourceIp", () => WriteQuoted(Pick(Addresses, ["", "1.2.3", "::1%eth0", "\\u0031.2.3.4"]))));
        if (Odd())
            members.Add(() => WriteMember(Pick(["other"], ["event\\u0054ype", "sourceIp"]), () => WriteValue(1)));
        if (Odd())
            members.Add(members[random.Next(members.Count)]);
        var ordered = members.ToArray();
        random.Shuffle(ordered);
        WriteList('{', '}', ordered);
        return Encoding.UTF8.GetBytes(_text.ToString());
    }

    private void WriteObject(int depth) =>
        WriteList('{', '}', [.. Enumerable.Range(0, random.Next(5)).Select(_ => (Action)(() => WriteMember(Text(), () => WriteValue(depth + 1))))]);

    private void WriteValue(int depth)
    {
        var kind = random.Next(depth > 6 ? 6 : 9);
        if (kind < 4)
            WriteQuoted(Text());
        else if (kind < 6)
            _text.Append(Pick(PlainScalars, OtherScalars));
        else if (kind < 8)
            WriteObject(depth);
        else
            WriteList('[', ']', [.. Enumerable.Range(0, random.Next(5)).Select(_ => (Action)(() => WriteValue(depth + 1)))]);
    }

    private void WriteList(char open, char close, Action[] members)
    {
        WriteSpace();
        _text.Append(open);
        for (var i = 0; i < members.Length; i++)
        {
            _text.Append(i > 0 ? "," : "");
            WriteSpace();
            members[i]();
            WriteSpace();
        }

        WriteSpace();
        _text.Append(close);
        WriteSpace();
    }

    private void WriteMember(string name, Action writeValue)
    {
        WriteQuoted(name);
        WriteSpace();
        _text.Append(':');
        WriteSpace();
        writeValue();
    }

    private void WriteQuoted(string content) => _text.Append('"').Append(content).Append('"');

    private void WriteSpace()
    {
        while (Maybe(1, 12))
            _text.Append(" \n\r\t"[random.Next(4)]);
    }

    /// <summary>Mostly short; some are longer than the blocks in which strings are searched.</summary>
    private string Text() => string.Concat(Enumerable.Range(0, 1 + (Maybe(1, 8) ? random.Next(20) : random.Next(2))).Select(_ => Pick(PlainTexts, OtherTexts)));

    private string Pick(string[] plain, string[] others) => Odd() ? others[random.Next(others.Length)] : plain[random.Next(plain.Length)];

    private bool Odd() => !isPlain && Maybe(1, 30);

    private bool Maybe(int count, int of) => random.Next(of) < count;
}
