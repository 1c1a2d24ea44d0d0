using MediaAspire.Api.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Tests.Api.Http;

public sealed class EntityConditionsTests
{
    private const string Tag = "\"abc\"";
    private static readonly DateTimeOffset s_lastModified = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("If-None-Match", Tag, "NotModified")]
    [InlineData("If-None-Match", "W/\"abc\"", "NotModified")]
    [InlineData("If-None-Match", "*", "NotModified")]
    [InlineData("If-None-Match", "\"x\", \"abc\"", "NotModified")]
    [InlineData("If-None-Match", "\"x\"", "Proceed")]
    [InlineData("If-Match", Tag, "Proceed")]
    [InlineData("If-Match", "*", "Proceed")]
    [InlineData("If-Match", "W/\"abc\"", "PreconditionFailed")]
    [InlineData("If-Match", "\"x\"", "PreconditionFailed")]
    [InlineData("If-Modified-Since", "Sun, 01 Mar 2026 12:00:00 GMT", "NotModified")]
    [InlineData("If-Modified-Since", "Sun, 01 Mar 2026 11:59:59 GMT", "Proceed")]
    [InlineData("If-Unmodified-Since", "Sun, 01 Mar 2026 12:00:00 GMT", "Proceed")]
    [InlineData("If-Unmodified-Since", "Sun, 01 Mar 2026 11:59:59 GMT", "PreconditionFailed")]
    public void Evaluate_OneCondition_FollowsTheRfc(string header, string value, string expected)
    {
        var outcome = EntityConditions.Evaluate(Headers((header, value)), new EntityTagHeaderValue(Tag), s_lastModified);

        Assert.Equal(expected, outcome.ToString());
    }

    [Fact]
    public void Evaluate_IfNoneMatchAndIfModifiedSince_IgnoresTheDate()
    {
        var headers = Headers(("If-None-Match", "\"x\""), ("If-Modified-Since", "Sun, 01 Mar 2026 12:00:00 GMT"));

        Assert.Equal(ConditionOutcome.Proceed, EntityConditions.Evaluate(headers, new EntityTagHeaderValue(Tag), s_lastModified));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(Tag, true)]
    [InlineData("W/\"abc\"", false)]
    [InlineData("\"x\"", false)]
    [InlineData("Sun, 01 Mar 2026 12:00:00 GMT", true)]
    [InlineData("Sun, 01 Mar 2026 12:00:01 GMT", false)]
    public void AllowsRange_OnlyForExactlyThisFile(string? ifRange, bool expected)
    {
        var headers = ifRange is null ? Headers() : Headers(("If-Range", ifRange));

        Assert.Equal(expected, EntityConditions.AllowsRange(headers, new EntityTagHeaderValue(Tag), s_lastModified));
    }

    private static RequestHeaders Headers(params (string Name, string Value)[] headers)
    {
        var dictionary = new HeaderDictionary();
        foreach (var (name, value) in headers)
        {
            dictionary[name] = value;
        }

        return new RequestHeaders(dictionary);
    }
}
