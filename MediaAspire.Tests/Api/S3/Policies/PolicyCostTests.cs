using System.Text.RegularExpressions;
using MediaAspire.Api.S3.Policies;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Api.S3.Policies;

/// <summary>The work that hostile policies and requests cost, in compared characters.</summary>
public sealed class PolicyCostTests
{
    private const int Keys = 1_000;

    public static TheoryData<string> Hostile => new()
    {
        // Each star begins again at every character of the value, and fails at the end of it.
        { Referers("StringLike", $"\"*{new string('a', 2_000)}b\"") },
        { Referers("StringNotLike", Many("\"*" + new string('a', 1_990) + "b\"", 9)) },
        { Referers("StringLike", $"\"*{Repeat("a?", 900)}b\"") },
        { Referers("StringEquals", Many("\"aaaa\"", 2_500)) },
        { Referers("NumericEquals", Many("1", 9_000)) },
        { $"\"Resource\": [{Many("\"arn:aws:s3:::first/*" + new string('k', 400) + "b\"", 45)}]" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_policy_costs_one_request_no_more_than_its_budget(string fields)
    {
        var policy = Read(fields);
        var request = Request(("Referer", new string('a', PolicyKeys.MaxValueLength)), aborted: default);

        var (refused, evaluated) = EvaluateAll(policy, request);

        Assert.True(refused == Keys - evaluated && refused > 0, $"{refused} of {Keys} were refused.");

        // Beyond the budget, each further evaluation ends with its first comparison.
        Assert.InRange(request.PolicyBudget.Steps, PolicyBudget.MaxSteps, PolicyBudget.MaxSteps * 3 / 2);
    }

    [Fact]
    public void A_policy_that_people_write_costs_a_deletion_of_1000_keys_a_small_part_of_the_budget()
    {
        var resources = string.Join(", ", Enumerable.Range(0, 100).Select(number => $"\"arn:aws:s3:::first/projects/{number:D4}/*\""));
        var policy = Read(
            $"\"Resource\": [{resources}], "
            + "\"Condition\": {\"StringLike\": {\"aws:Referer\": [\"https://*.example.com/*\", \"*.org/*\"]}}");
        var request = Request(("Referer", "https://media.example.com/albums/2031/summer?page=7"), aborted: default);

        var (refused, _) = EvaluateAll(policy, request);

        Assert.Equal(0, refused);
        Assert.InRange(request.PolicyBudget.Steps, 1, PolicyBudget.MaxSteps / 10);
    }

    [Fact]
    public void A_value_that_is_too_long_for_a_condition_refuses_the_request()
    {
        var policy = Read("\"Resource\": \"*\", \"Condition\": {\"StringNotLike\": {\"aws:Referer\": \"http://evil.example/*\"}}");
        var request = Request(("Referer", "http://evil.example/" + new string('a', 20_000)), aborted: default);

        var refused = Assert.Throws<S3Exception>(() => policy.Evaluate(Question(request, "a")));

        Assert.Equal("RequestHeaderSectionTooLarge", refused.Error.Code);
    }

    [Fact]
    public void Tags_in_a_header_are_read_up_to_their_limit_only()
    {
        var conditions = string.Join(", ", Enumerable.Range(0, 400).Select(number => $"\"s3:RequestObjectTag/{number}\": \"x\""));
        var policy = Read($"\"Resource\": \"*\", \"Condition\": {{\"StringEqualsIfExists\": {{{conditions}}}}}");
        var request = Request(("x-amz-tagging", string.Join('&', Enumerable.Range(0, 5_000))), aborted: default);

        var (refused, _) = EvaluateAll(policy, request);

        Assert.Equal(Keys, refused);
        Assert.InRange(request.PolicyBudget.Steps, 1, PolicyBudget.MaxSteps);
    }

    [Fact]
    public void An_evaluation_ends_when_the_sender_disconnects()
    {
        var policy = Read($"\"Resource\": \"*\", \"Condition\": {{\"StringLike\": {{\"aws:Referer\": \"*{new string('a', 2_000)}b\"}}}}");
        var request = Request(("Referer", new string('a', PolicyKeys.MaxValueLength)), aborted: new CancellationToken(canceled: true));

        Assert.Throws<OperationCanceledException>(() => policy.Evaluate(Question(request, "a")));

        Assert.InRange(request.PolicyBudget.Steps, 1, 200_000);
    }

    [Fact]
    public void Matches_RandomPatterns_AgreesWithARegularExpression()
    {
        var random = new Random(13);
        for (var round = 0; round < 20_000; round++)
        {
            var pattern = Text(random, "ab*?");
            var text = Text(random, "ab");
            var model = $"\\A{pattern.Replace("*", ".*", StringComparison.Ordinal).Replace("?", ".", StringComparison.Ordinal)}\\z";

            Assert.True(
                Regex.IsMatch(text, model) == PolicyPattern.Matches(pattern, text, budget: null), $"'{pattern}' on '{text}'");
        }
    }

    private static string Text(Random random, string letters) => new(random.GetItems<char>(letters, random.Next(0, 9)));

    private static (int Refused, int Evaluated) EvaluateAll(BucketPolicy policy, S3Request request)
    {
        var (refused, evaluated) = (0, 0);
        for (var key = 0; key < Keys; key++)
        {
            try
            {
                policy.Evaluate(Question(request, $"{new string('k', 1_000)}{key}"));
                evaluated++;
            }
            catch (S3Exception failure)
            {
                Assert.Equal(400, failure.Error.Status);
                refused++;
            }
        }

        return (refused, evaluated);
    }

    private static BucketPolicy Read(string fields)
    {
        var text = $"{{\"Statement\": [{{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"s3:*\", {fields}}}]}}";
        Assert.InRange(text.Length, 1, PolicyReader.MaxBytes);
        return PolicyReader.Read(text, "first");
    }

    private static string Referers(string type, string values) =>
        $"\"Resource\": \"*\", \"Condition\": {{\"{type}\": {{\"aws:Referer\": [{values}]}}}}";

    private static string Many(string item, int count) => string.Join(',', Enumerable.Repeat(item, count));

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static S3Request Request((string Name, string Value) header, CancellationToken aborted)
    {
        var services = new ServiceCollection().AddSingleton(TimeProvider.System).BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services, RequestAborted = aborted };
        http.Request.Headers[header.Name] = header.Value;
        return new(http, "1", new("first", null)) { Principal = new("bob", "bob", "KEY") };
    }

    private static PolicyQuestion Question(S3Request request, string key)
    {
        var bucket = new Bucket(BucketId.New(TimeProvider.System), "first", "alice", "us-east-1", default, BucketVersioning.Off);
        return new(request, "s3:DeleteObject", bucket, key);
    }
}
