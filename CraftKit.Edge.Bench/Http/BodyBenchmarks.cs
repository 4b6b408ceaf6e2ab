using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Http;

namespace CraftKit.Edge.Bench.Http;

/// <summary>Reading a request's body, every byte of it checked. Warm: the code and the body.</summary>
public class BodyBenchmarks
{
    private byte[] _body = null!;

    /// <summary>Bytes of the metadata object; 0: none.</summary>
    [Params(0, 200, 8192)]
    public int MetadataBytes { get; set; }

    [GlobalSetup]
    public void Write()
    {
        const string Field = "\"field-000\":\"0123456789 abc\",";
        const string Start = "{\"count\":12.5,\"tags\":[true,null],", End = "\"end\":\"";
        var metadata = new StringBuilder(Start);
        while (metadata.Length + Field.Length + End.Length + 2 <= MetadataBytes)
            metadata.Append(Field);
        metadata.Append(End).Append('x', Math.Max(0, MetadataBytes - metadata.Length - 2)).Append("\"}");
        _body = Encoding.UTF8.GetBytes(
            MetadataBytes == 0 ? """{"eventType":"viewed"}""" : $$"""{"eventType":"downloaded","metadata":{{metadata}}}""");
    }

    /// <summary>The service's reader.</summary>
    [Benchmark(Baseline = true)]
    public bool Read() => EventBodyReader.Read(_body).Issues is null;

    /// <summary>For comparison: parsing the body into a document, schema unchecked.</summary>
    [Benchmark]
    public bool ParseIntoDocument()
    {
        using var document = JsonDocument.Parse(_body);
        return document.RootElement.TryGetProperty("eventType"u8, out _);
    }

    /// <summary>What a faulty body costs: the same one cut off before its end. An exception, so never cheap.</summary>
    [Benchmark]
    public bool ReadTruncated() => EventBodyReader.Read(_body.AsSpan(0, _body.Length - 1)).IsJson;
}
