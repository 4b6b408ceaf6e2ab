using System.Text.Json;
using System.Text.RegularExpressions;
using CraftKit.Edge.Tests.Http.Admin;
using CraftKit.Edge.Tests.Metrics;
using Xunit;

namespace CraftKit.Edge.Tests.Docs;

/// <summary>The alerts and the dashboard for Grafana fit the metrics that the service has.</summary>
public sealed partial class DeployTests
{
    private const string Alerts = "deploy/alerts.yml", AlertTests = "deploy/alerts.test.yml", Dashboard = "deploy/grafana-dashboard.json";

    [Fact]
    public async Task Promtool_approves_of_the_rules_and_each_alert_fires_when_it_should_and_not_before()
    {
        await Promtool.CheckAsync("", "check", "rules", Repository.PathOf(Alerts));
        await Promtool.CheckAsync("", "test", "rules", Repository.PathOf(AlertTests));
    }

    [Fact]
    public void Each_alert_is_tried_firing_and_not_firing()
    {
        var alerts = AlertName().Matches(Repository.Read(Alerts)).Select(match => match.Groups[1].Value).ToList();
        var text = Repository.Read(AlertTests);

        Assert.True(alerts.Count >= 6, $"{alerts.Count} alerts");
        Assert.All(alerts, alert =>
        {
            Assert.Matches($@"alertname: {alert}, exp_alerts: \[\]", text);
            Assert.Matches($@"alertname: {alert}\n\s+exp_alerts:\n\s+- exp_labels", text);
        });
    }

    [Theory]
    [InlineData(Alerts)]
    [InlineData(Dashboard)]
    public async Task Every_metric_that_is_named_is_served(string path)
    {
        await using var server = await AdminServer.StartAsync();
        var scrape = new Scrape((await server.SendAsync("GET", "/metrics", key: "")).Expect(200).Body);
        var names = MetricName().Matches(Repository.Read(path)).Select(match => match.Value).Distinct().ToList();

        Assert.True(names.Count >= 8, $"{names.Count} metrics");
        Assert.All(names, name => Assert.True(scrape.Types.ContainsKey(FamilyOf(name, scrape)), $"{name} is not in /metrics"));
    }

    [Fact]
    public void The_dashboard_has_a_row_for_each_part_and_takes_its_data_source_from_a_variable()
    {
        using var dashboard = JsonDocument.Parse(Repository.Read(Dashboard));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();

        Assert.Equal(["Traffic", "Latency", "Storage", "Window", "Process"], panels.Where(IsRow).Select(panel => panel.GetProperty("title").GetString()));
        Assert.Contains(dashboard.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray(), variable =>
            (variable.GetProperty("type").GetString(), variable.GetProperty("name").GetString()) == ("datasource", "datasource"));
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels.Where(panel => !IsRow(panel)), panel =>
        {
            Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString());
            Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray());
        });
    }

    [Fact]
    public async Task Prometheus_understands_every_expression_of_the_dashboard()
    {
        using var dashboard = JsonDocument.Parse(Repository.Read(Dashboard));
        var expressions = dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(panel => !IsRow(panel))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal))
            .ToList();

        // As recording rules, which promtool parses.
        var rules = string.Concat(expressions.Select((expression, number) => $"  - record: r{number}\n    expr: {JsonSerializer.Serialize(expression)}\n"));
        Assert.True(expressions.Count > 20, $"{expressions.Count} expressions");
        await Promtool.CheckAsync($"groups:\n- name: dashboard\n  rules:\n{rules}", "check", "rules", "/dev/stdin");
    }

    private static bool IsRow(JsonElement panel) => panel.GetProperty("type").GetString() == "row";

    private static string FamilyOf(string name, Scrape scrape) =>
        Suffix().Replace(name, "") is var family && scrape.Types.GetValueOrDefault(family) == "histogram" ? family : name;

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"\bcraftkit_edge_\w+")]
    private static partial Regex MetricName();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
