using System.Text.Json;
using MediaAspire.AppHost.LocalStack;

namespace MediaAspire.Tests.AppHost.LocalStack;

public sealed class LocalStackHealthCheckTests
{
    [Theory]
    [InlineData("""{"services": {"s3": "available"}, "edition": "community", "version": "4.14.0"}""")]
    [InlineData("""{"services": {"s3": "running", "sqs": "disabled"}}""")]
    public void Judge_S3Serves_HasNoComplaint(string health) => Assert.Null(Judge(health));

    [Theory]
    [InlineData("""{"services": {"s3": "initializing"}}""", "LocalStack reports its service s3 as 'initializing'.")]
    [InlineData("""{"services": {"s3": "error"}}""", "LocalStack reports its service s3 as 'error'.")]
    [InlineData("""{"services": {"s3": null}}""", "LocalStack reports its service s3 as ''.")]
    [InlineData("""{"services": {"sqs": "running"}}""", "LocalStack does not report the state of its service s3.")]
    [InlineData("""{"services": []}""", "LocalStack does not report the state of its service s3.")]
    [InlineData("[]", "LocalStack does not report the state of its service s3.")]
    public void Judge_S3DoesNotServe_SaysWhatItIs(string health, string complaint) => Assert.Equal(complaint, Judge(health));

    private static string? Judge(string health)
    {
        using var document = JsonDocument.Parse(health);
        return LocalStackHealthCheck.Judge(document.RootElement);
    }
}
