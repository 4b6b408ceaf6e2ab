using System.Text;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Configuration;

/// <summary>What stops the start: exit code 2, one line, the key by name.</summary>
public sealed class RefusalTests
{
    public static TheoryData<string, string> Files => new()
    {
        // Form
        { "", "config.json: line 1, byte 1: not valid JSON: " },
        { "[]", "config.json: expected an object, found an array" },
        { "{} {}", "config.json: line 1, byte 4: not valid JSON: " },
        { "{\n  // no\n}", "config.json: line 2, byte 3: not valid JSON: " },
        { """{ "maxBodyBytes": 512, }""", "config.json: line 1, byte 24: not valid JSON: " },
        { """{ "maxBodyBytes": 512""", "config.json: line 1, byte 22: not valid JSON: " },
        { """{ "url": "\ud800" }""", "config.json: not valid JSON: a string is not valid Unicode" },
        { """{ "maxBodyBytes": 512, "maxBodyBytes": 512 }""", "config.json: maxBodyBytes: given twice" },
        { """{ "log": { "level": "Error", "l\u0065vel": "Error" } }""", "config.json: log.level: given twice" },
        { """{ "log": {}, "log": {} }""", "config.json: log: given twice" },
        // Keys
        { """{ "port": 80 }""", "config.json: port: unknown key" },
        { """{ "journal": { "size": 80 } }""", "config.json: journal.size: unknown key" },
        { """{ "Url": "http://127.0.0.1:80" }""", "config.json: Url: unknown key; it is spelled url" },
        { """{ "journal.capacityBytes": 2000000 }""", "config.json: journal.capacityBytes: unknown key" },
        { """{ "": 1 }""", "config.json: : unknown key" },
        // Types
        { """{ "maxBodyBytes": "65536" }""", "config.json: maxBodyBytes: expected a whole number, found a string" },
        { """{ "maxBodyBytes": 65536.5 }""", "config.json: maxBodyBytes: expected a whole number, found \"65536.5\"" },
        { """{ "maxBodyBytes": 6e4 }""", "config.json: maxBodyBytes: expected a whole number, found \"6e4\"" },
        { """{ "maxBodyBytes": null }""", "config.json: maxBodyBytes: expected a whole number, found null" },
        { """{ "maxBodyBytes": true }""", "config.json: maxBodyBytes: expected a whole number, found true or false" },
        { """{ "adminInsecure": "true" }""", "config.json: adminInsecure: expected true or false, found a string" },
        { """{ "url": 8080 }""", "config.json: url: expected a string, found a number" },
        { """{ "journal": 1 }""", "config.json: journal: expected an object, found a number" },
        { """{ "journal": null }""", "config.json: journal: expected an object, found null" },
        { """{ "url": {} }""", "config.json: url: expected a string, found an object" },
        { """{ "trustedProxies": "10.0.0.1" }""", "config.json: trustedProxies: expected a list of strings, found a string" },
        { """{ "trustedProxies": [1] }""", "config.json: trustedProxies: expected a list of strings, found a number" },
        { """{ "trustedProxies": [[]] }""", "config.json: trustedProxies: expected a list of strings, found an array" },
        { """{ "dedupe": { "window": 300 } }""", "config.json: dedupe.window: expected a duration hh:mm:ss, found a number" },
        { """{ "dedupe": { "window": "300" } }""", "config.json: dedupe.window: expected a duration hh:mm:ss, found \"300\"" },
        { """{ "dedupe": { "window": "00:05" } }""", "config.json: dedupe.window: expected a duration hh:mm:ss, found \"00:05\"" },
        { """{ "durability": "disk" }""", "config.json: durability: expected journal or fsync, found \"disk\"" },
        { """{ "durability": "1" }""", "config.json: durability: expected journal or fsync, found \"1\"" },
        { """{ "log": { "level": "verbose" } }""", "config.json: log.level: expected Trace, Debug, Information, Warning, Error, Critical or None, found \"verbose\"" },
        { """{ "log": { "format": "xml" } }""", "config.json: log.format: expected text or json, found \"xml\"" },
        // Ranges
        { """{ "maxBodyBytes": 255 }""", "config.json: maxBodyBytes: 255 is below 256" },
        { """{ "maxBodyBytes": 16777217 }""", "config.json: maxBodyBytes: 16777217 is above 16777216" },
        { """{ "maxBodyBytes": 3000000000 }""", "config.json: maxBodyBytes: 3000000000 is out of range" },
        { """{ "maxBodyBytes": 99999999999999999999 }""", "config.json: maxBodyBytes: 99999999999999999999 is out of range" },
        { """{ "journal": { "capacityBytes": 1000 } }""", "config.json: journal.capacityBytes: 1000 is below 1048576" },
        { """{ "journal": { "capacityBytes": 68719476737 } }""", "config.json: journal.capacityBytes: 68719476737 is above 68719476736" },
        { """{ "journal": { "flushInterval": "00:00:00.0099" } }""", "config.json: journal.flushInterval: 00:00:00.0099 is below 00:00:00.01" },
        { """{ "journal": { "flushInterval": "00:01:00.001" } }""", "config.json: journal.flushInterval: 00:01:00.001 is above 00:01:00" },
        { """{ "dedupe": { "window": "00:00:00.999" } }""", "config.json: dedupe.window: 00:00:00.999 is below 00:00:01" },
        { """{ "dedupe": { "window": "1.00:00:01" } }""", "config.json: dedupe.window: 1.00:00:01 is above 1.00:00:00" },
        { """{ "dedupe": { "window": "-00:05:00" } }""", "config.json: dedupe.window: -00:05:00 is below 00:00:01" },
        { """{ "bulk": { "maxBodyBytes": 1023 } }""", "config.json: bulk.maxBodyBytes: 1023 is below 1024" },
        { """{ "bulk": { "maxBodyBytes": 1073741825 } }""", "config.json: bulk.maxBodyBytes: 1073741825 is above 1073741824" },
        { """{ "bulk": 8388608 }""", "config.json: bulk: expected an object, found a number" },
        { """{ "dedupe": { "maxKeys": -1 } }""", "config.json: dedupe.maxKeys: -1 is below 0" },
        // Rules over more than one value
        { """{ "maxBodyBytes": 1048576, "journal": { "capacityBytes": 8388607 } }""", "config.json: journal.capacityBytes: 8388607 is below 8388608, 8 times maxBodyBytes" },
        { """{ "maxBodyBytes": 16777216 }""", "journal.capacityBytes: 67108864 is below 134217728, 8 times maxBodyBytes" },
        { """{ "dataDirectory": "" }""", "config.json: dataDirectory: must name a folder" },
        // What this version has not
        { """{ "retention": { "days": 30 } }""", "config.json: retention.days: 30: a retention other than 0 (keep everything) is not in this version" },
        { """{ "tls": { "certificate": "/c.pem" } }""", "tls.key: must name the key of tls.certificate" },
        { """{ "tls": { "key": "/k.pem" } }""", "tls.certificate: must name the certificate of tls.key" },
        { """{ "url": "https://127.0.0.1:8443" }""", "config.json: url: https://127.0.0.1:8443: https needs tls.certificate and tls.key" },
        { """{ "adminUrl": "https://127.0.0.1:8443" }""", "config.json: adminUrl: https://127.0.0.1:8443: https needs tls.certificate and tls.key" },
        // Several at once
        {
            """{ "maxBodyBytes": 1, "dedupe": { "window": "00:00:00" } }""",
            "config.json: maxBodyBytes: 1 is below 256; config.json: dedupe.window: 00:00:00 is below 00:00:01"
        },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_faulty_file_is_refused_by_key(string json, string message) => AssertRefused(message, json);

    [Theory]
    [InlineData("CRAFTKIT_EDGE__PORT", "80", "CRAFTKIT_EDGE__PORT: unknown variable")]
    [InlineData("CRAFTKIT_EDGE__", "80", "CRAFTKIT_EDGE__: unknown variable")]
    [InlineData("CRAFTKIT_EDGE__JOURNAL", "80", "CRAFTKIT_EDGE__JOURNAL: unknown variable")]
    [InlineData("CRAFTKIT_EDGE__JOURNAL_CAPACITYBYTES", "80", "CRAFTKIT_EDGE__JOURNAL_CAPACITYBYTES: unknown variable")]
    [InlineData("CRAFTKIT_EDGE__JOURNAL.CAPACITYBYTES", "2000000", "CRAFTKIT_EDGE__JOURNAL.CAPACITYBYTES: unknown variable")]
    [InlineData("CRAFTKIT_EDGE__URL__0", "http://127.0.0.1:1", "CRAFTKIT_EDGE__URL__0: unknown variable")]
    [InlineData("CRAFTKIT_EDGE__MAXBODYBYTES", "64k", "CRAFTKIT_EDGE__MAXBODYBYTES: maxBodyBytes: expected a whole number, found \"64k\"")]
    [InlineData("CRAFTKIT_EDGE__MAXBODYBYTES", "", "CRAFTKIT_EDGE__MAXBODYBYTES: maxBodyBytes: expected a whole number, found \"\"")]
    [InlineData("CRAFTKIT_EDGE__MAXBODYBYTES", " 512", "CRAFTKIT_EDGE__MAXBODYBYTES: maxBodyBytes: expected a whole number, found \" 512\"")]
    [InlineData("CRAFTKIT_EDGE__ADMININSECURE", "yes", "CRAFTKIT_EDGE__ADMININSECURE: adminInsecure: expected true or false, found \"yes\"")]
    [InlineData("CRAFTKIT_EDGE__JOURNAL__CAPACITYBYTES", "1000", "CRAFTKIT_EDGE__JOURNAL__CAPACITYBYTES: journal.capacityBytes: 1000 is below 1048576")]
    [InlineData("CRAFTKIT_EDGE__TRUSTEDPROXIES", "10.0.0.0/8,nowhere", "CRAFTKIT_EDGE__TRUSTEDPROXIES: trustedProxies: \"nowhere\" is neither")]
    public void A_faulty_variable_is_refused_by_name(string name, string value, string message) =>
        AssertRefused(message, "{}", KeyValuePair.Create(name, value));

    [Fact]
    public void A_key_in_two_spellings_of_a_variable_is_refused() => AssertRefused(
        "CRAFTKIT_EDGE__url: url: also given by CRAFTKIT_EDGE__URL",
        "{}",
        KeyValuePair.Create("CRAFTKIT_EDGE__url", "http://127.0.0.1:1"),
        KeyValuePair.Create("CRAFTKIT_EDGE__URL", "http://127.0.0.1:2"));

    [Fact]
    public void A_variable_of_another_program_is_passed_over() =>
        Assert.Empty(EnvironmentLayer.Read([KeyValuePair.Create("CRAFTKIT_EDGE_BINARY", "x"), KeyValuePair.Create("PATH", "y")], "/"));

    [Theory]
    [InlineData("127.0.0.1:8080")]
    [InlineData("")]
    [InlineData("ftp://127.0.0.1:8080")]
    [InlineData("http://")]
    [InlineData("http://:8080")]
    [InlineData("http://127.0.0.1:65536")]
    [InlineData("http://127.0.0.1:")]
    [InlineData("http://127.0.0.1:+80")]
    [InlineData("http://127.0.0.1:8080/path")]
    [InlineData("http://127.0.0.1:8080?x")]
    [InlineData("http://user@127.0.0.1:8080")]
    [InlineData("http://127.1:8080")]
    [InlineData("http://edge.example:8080")]
    [InlineData("http://::1:8080")]
    [InlineData("http://[127.0.0.1]:8080")]
    [InlineData("http://[::1%1]:8080")]
    [InlineData("http://127.0.0.1:8080;http://127.0.0.1:8090")]
    public void A_url_that_cannot_be_listened_on_is_refused(string url) =>
        Assert.Contains(EdgeOptionsRules.FindFaults(new EdgeOptions { Url = url }), fault => fault.Key == "url");

    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("HTTP://LOCALHOST:8080/")]
    [InlineData("http://[::1]:0")]
    [InlineData("http://0.0.0.0")]
    [InlineData("http://*:8080")]
    public void A_url_that_can_be_listened_on_is_taken(string url) => Assert.Empty(EdgeOptionsRules.FindFaults(new EdgeOptions { Url = url }));

    [Theory]
    [InlineData("http://0.0.0.0:9000")]
    [InlineData("http://*:9000")]
    [InlineData("http://192.0.2.1:9000")]
    [InlineData("http://[::]:9000")]
    [InlineData("http://[2001:db8::1]:9000")]
    public void An_admin_plane_that_others_reach_needs_adminInsecure(string url)
    {
        Assert.Contains(EdgeOptionsRules.FindFaults(new EdgeOptions { AdminUrl = url }), fault => fault.Key == "adminUrl");
        Assert.Empty(EdgeOptionsRules.FindFaults(new EdgeOptions { AdminUrl = url, AdminInsecure = true }));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000")]
    [InlineData("http://127.9.9.9:9000")]
    [InlineData("http://localhost:9000")]
    [InlineData("http://[::1]:9000")]
    [InlineData("http://[::ffff:127.0.0.1]:9000")]
    [InlineData("")]
    public void An_admin_plane_on_loopback_or_none_is_taken(string url) => Assert.Empty(EdgeOptionsRules.FindFaults(new EdgeOptions { AdminUrl = url }));

    [Theory]
    [InlineData("http://127.0.0.1:9000", "http://127.0.0.1:9000")]
    [InlineData("http://0.0.0.0:9000", "http://127.0.0.1:9000")]
    [InlineData("http://127.0.0.1:9000", "http://localhost:9000")]
    [InlineData("http://*:9000", "http://[::1]:9000")]
    [InlineData("http://127.0.0.1", "http://localhost:80")]
    public void Both_planes_on_one_port_are_refused(string url, string adminUrl) =>
        Assert.Contains(EdgeOptionsRules.FindFaults(new EdgeOptions { Url = url, AdminUrl = adminUrl }), fault => fault.Key == "adminUrl");

    [Fact]
    public void Both_planes_may_ask_for_any_free_port() =>
        Assert.Empty(EdgeOptionsRules.FindFaults(new EdgeOptions { Url = "http://127.0.0.1:0", AdminUrl = "http://127.0.0.1:0" }));

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("1")]
    [InlineData("0x7f.1")]
    [InlineData("203.0.113")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.1:80")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("2001:db8::/129")]
    [InlineData("10.0.0.1/8")]
    [InlineData(" 10.0.0.1")]
    public void A_trusted_proxy_that_is_no_address_or_range_is_refused(string proxy) => Assert.False(TrustedProxies.TryParse([proxy], out _, out _));

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.0/8")]
    [InlineData("0.0.0.0/0")]
    [InlineData("::1")]
    [InlineData("2001:DB8::/32")]
    [InlineData("::ffff:10.0.0.1")]
    public void A_trusted_proxy_that_is_an_address_or_range_is_taken(string proxy) => Assert.True(TrustedProxies.TryParse([proxy], out _, out _));

    private static void AssertRefused(string message, string json, params KeyValuePair<string, string>[] environment)
    {
        var folder = Directory.CreateTempSubdirectory("craftkit-edge-test-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "config.json"), json, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            var refusal = Assert.Throws<EdgeException>(() =>
                EdgeOptionsLoader.Load(new ConfigurationSources { WorkingFolder = folder.FullName, Environment = environment }));
            Assert.Equal(2, refusal.ExitCode);
            Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
