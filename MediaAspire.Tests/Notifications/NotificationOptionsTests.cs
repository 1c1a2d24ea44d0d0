using System.Net;
using MediaAspire.Core.Notifications;
using MediaAspire.Worker.Notifications;

namespace MediaAspire.Tests.Notifications;

public sealed class NotificationOptionsTests
{
    [Theory]
    [InlineData("media", "http://127.0.0.1:8080/media/events?x=1", null)]
    [InlineData("media", "https://example.org", null)]
    [InlineData("Media", "https://example.org", "'Media' is not a valid name")]
    [InlineData("-a", "https://example.org", "'-a' is not a valid name")]
    [InlineData("media", "", "Url is not a valid address")]
    [InlineData("media", "/media/events", "Url is not a valid address")]
    [InlineData("media", "file:///etc/passwd", "Url is not a valid address")]
    [InlineData("media", "https://user:known-secret@example.org", "Url is not a valid address")]
    public void Validate_Target_NamesWhatIsWrongWithoutSecrets(string name, string url, string? error)
    {
        var result = Validate(name, new NotificationTargetOptions { Url = url });

        Assert.Equal(error is null, result.Succeeded);
        Assert.Contains(error ?? "", result.FailureMessage ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("known-secret", result.FailureMessage ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_Token_IsPrintableAndGivenOnce()
    {
        var twice = Validate("media", new() { Url = "http://a", Token = "known-secret", TokenFile = "/file" });
        var injected = Validate("media", new() { Url = "http://a", Token = "known-secret\r\nHost: b" });

        Assert.Contains("both Token and TokenFile", twice.FailureMessage, StringComparison.Ordinal);
        Assert.Contains("Token has characters", injected.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("known-secret", twice.FailureMessage + injected.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_Defaults_AreValidAndBoundsAreHeld()
    {
        Assert.True(new NotificationOptionsValidator().Validate(null, new NotificationOptions()).Succeeded);
        Assert.True(new NotificationOptionsValidator().Validate(null, new NotificationOptions { Timeout = TimeSpan.Zero }).Failed);
        Assert.True(new NotificationOptionsValidator().Validate(null, new NotificationOptions { MaxPending = 0 }).Failed);
        Assert.True(new NotificationOptionsValidator().Validate(null, new NotificationOptions { BatchSize = 101 }).Failed);
    }

    [Fact]
    public void FindFor_Bucket_SeesOnlyTargetsThatItMayUse()
    {
        var options = new NotificationOptions();
        options.Targets["any"] = new NotificationTargetOptions();
        options.Targets["one"] = new NotificationTargetOptions { Buckets = { "media" } };

        Assert.NotNull(options.FindFor("films", "any"));
        Assert.Null(options.FindFor("films", "one"));
        Assert.NotNull(options.FindFor("media", "one"));
        Assert.Null(options.FindFor("media", "none"));
    }

    [Theory]
    [InlineData(200, SendOutcome.Delivered)]
    [InlineData(204, SendOutcome.Delivered)]
    [InlineData(301, SendOutcome.Refused)]
    [InlineData(400, SendOutcome.Refused)]
    [InlineData(413, SendOutcome.Refused)]
    [InlineData(500, SendOutcome.Refused)]
    [InlineData(403, SendOutcome.Unavailable)]
    [InlineData(429, SendOutcome.Unavailable)]
    [InlineData(504, SendOutcome.Unavailable)]
    internal void Judge_Status_SaysWhetherTheTargetWorks(int status, SendOutcome outcome) =>
        Assert.Equal(outcome, NotificationSender.Judge((HttpStatusCode)status).Outcome);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 8)]
    [InlineData(8, 256)]
    [InlineData(9, 300)]
    [InlineData(100_000, 300)]
    public void After_Failures_DoublesUpToTheLongestPause(int before, int seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds), RetryDelays.After(before, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)));

    [Theory]
    [InlineData("arn:aws:sns:us-east-1:000000000000:media", true)]
    [InlineData("arn:aws:sns:us-east-1:123456789012:media", false)]
    [InlineData("arn:aws:sqs:us-east-1:000000000000:media", false)]
    [InlineData("arn:aws:sns:us-east-1:000000000000:http://a", false)]
    [InlineData("arn:aws:sns:us-east-1:000000000000:media\n", false)]
    [InlineData("", false)]
    public void TryParse_Arn_AcceptsTopicsOfThisServerOnly(string text, bool isValid)
    {
        Assert.Equal(isValid, NotificationArn.TryParse(text, out var arn));
        Assert.Equal(isValid ? text : null, arn?.ToString());
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(string name, NotificationTargetOptions target)
    {
        var options = new NotificationOptions();
        options.Targets[name] = target;
        return new NotificationOptionsCustomValidator().Validate(null, options);
    }
}
