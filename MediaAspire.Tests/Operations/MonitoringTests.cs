using System.Text.Json;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Operations;

/// <summary>The alert rules and dashboards that ship in docs/operations.</summary>
public sealed partial class MonitoringTests
{
    private static readonly string[] s_projects = ["Api", "Core", "Storage", "Worker", "ServiceDefaults"];

    private static readonly string s_operations = Path.Combine(Snapshot.Repository, "docs", "operations");

    // Instruments of ASP.NET Core and of Prometheus itself.
    private static readonly string[] s_foreign =
        ["http_server_request_duration_seconds_bucket", "http_server_request_duration_seconds_count", "up"];

    public static TheoryData<string> Dashboards =>
        [.. Directory.GetFiles(Path.Combine(s_operations, "grafana"), "*.json").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [InlineData("check", "rules", "alerts.yml")]
    [InlineData("test", "rules", "alerts.test.yml")]
    public async Task Promtool_accepts_the_rules_and_their_tests(params string[] arguments)
    {
        var promtool = Path.Combine(Snapshot.Repository, "MediaAspire.Tests", "bin", "promtool");
        Assert.True(File.Exists(promtool), $"{promtool} is missing. Run eng/install-clients.sh.");

        var result = await Cli.Wrap(promtool).WithArguments(arguments).WithWorkingDirectory(Path.Combine(s_operations, "prometheus"))
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();

        Assert.True(result.ExitCode == 0, result.StandardOutput + result.StandardError);
    }

    [Fact]
    public void Every_rule_is_tested_and_names_metrics_that_exist()
    {
        var rules = File.ReadAllText(Path.Combine(s_operations, "prometheus", "alerts.yml"));
        var tests = File.ReadAllText(Path.Combine(s_operations, "prometheus", "alerts.test.yml"));

        var alerts = Alert().Matches(rules).Select(match => match.Groups[1].Value).ToList();
        Assert.InRange(alerts.Count, 10, 100);
        Assert.All(alerts, alert => Assert.Matches($"alertname: {alert}\n", tests));
        AssertMetricsExist(rules);
        AssertMetricsExist(tests);
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Every_panel_of_a_dashboard_names_metrics_that_exist(string name)
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_operations, "grafana", name)));

        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        Assert.InRange(panels.Count, 4, 100);
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        foreach (var panel in panels)
        {
            Assert.NotEmpty(panel.GetProperty("title").GetString()!);
            var targets = panel.GetProperty("targets").EnumerateArray().Select(target => target.GetProperty("expr").GetString()!).ToList();
            Assert.NotEmpty(targets);
            Assert.All(targets, target => Assert.NotEqual(0, AssertMetricsExist(target)));
        }
    }

    [Theory]
    [InlineData("rate(mediaaspire_file_transfered_bytes_total[5m])")]
    [InlineData("rate(mediaaspire_file_transferred[5m])")]
    public void A_metric_that_does_not_exist_is_found(string expression) =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertMetricsExist(expression));

    private static int AssertMetricsExist(string text)
    {
        var names = s_instruments.Value;
        var used = Metric().Matches(text).Select(match => match.Value)
            .Where(name => !s_labels.Value.Contains(name)).Distinct().ToList();
        Assert.All(used, name => Assert.Contains(name, names));
        return used.Count + s_foreign.Count(name => text.Contains(name, StringComparison.Ordinal));
    }

    /// <summary>Gets the names in Prometheus of every instrument that the code creates.</summary>
    private static readonly Lazy<HashSet<string>> s_instruments = new(() =>
    [
        .. Sources().SelectMany(source => Creation().Matches(source)).SelectMany(match =>
            NamesOf(match.Groups["kind"].Value, match.Groups["name"].Value, match.Groups["unit"].Value)),
    ]);

    /// <summary>Gets the names in Prometheus of every tag in the code.</summary>
    private static readonly Lazy<HashSet<string>> s_labels = new(() =>
    [
        .. Sources().SelectMany(source => Text().Matches(source)).Select(match => match.Groups[1].Value.Replace('.', '_'))
            .Except(Sources().SelectMany(source => Creation().Matches(source))
                .Select(match => match.Groups["name"].Value.Replace('.', '_'))),
    ]);

    private static IEnumerable<string> Sources() => s_projects
        .Select(project => Path.Combine(Snapshot.Repository, $"MediaAspire.{project}"))
        .SelectMany(directory => Directory.EnumerateFiles(directory, "*.cs", SearchOption.AllDirectories))
        .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText);

    // docs/operations/metrics.md has the rules.
    private static IEnumerable<string> NamesOf(string kind, string name, string unit)
    {
        var plain = name.Replace('.', '_') + (unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            "1" when kind.Contains("Gauge", StringComparison.Ordinal) => "_ratio",
            _ => "",
        });
        return kind switch
        {
            "Histogram" => [plain + "_bucket", plain + "_sum", plain + "_count"],
            "Counter" or "ObservableCounter" => [plain + "_total"],
            _ => [plain],
        };
    }

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"\bmediaaspire_[a-z0-9_]+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"""(mediaaspire\.[a-z0-9_.]+)""")]
    private static partial Regex Text();

    [GeneratedRegex(
        @"Create(?<kind>Counter|Histogram|UpDownCounter|Gauge|ObservableGauge|ObservableCounter|ObservableUpDownCounter)(<\w+>)?\(\s*"
        + @"""(?<name>mediaaspire\.[a-z0-9_.]+)""[^;]*?""(?<unit>s|By|1|\{\w+\})""", RegexOptions.Singleline)]
    private static partial Regex Creation();
}
