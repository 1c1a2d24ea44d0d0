using MediaAspire.Api.S3.Policies;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Tests.Api.S3.Policies;

public sealed class PolicyReaderTests
{
    private const string Good =
        """
        "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::first/*"
        """;

    [Theory]
    [InlineData("", "Policies must be valid JSON and the first byte must be '{'")]
    [InlineData("[]", "Policies must be valid JSON and the first byte must be '{'")]
    [InlineData("{", "Policies must be valid JSON and the first byte must be '{'")]
    [InlineData("{\"Statement\": [], \"Statement\": []}", "Policies must be valid JSON and the first byte must be '{'")]
    [InlineData("{\"Id\": \"\\ud800\"}", "Missing required field Statement")]
    [InlineData("{}", "Missing required field Statement")]
    [InlineData("{\"Statement\": []}", "Missing required field Statement")]
    [InlineData("{\"Statement\": [1]}", "Invalid policy syntax.")]
    [InlineData("{\"Version\": \"2011-01-01\", \"Statement\": []}", "The policy must contain a valid version string")]
    [InlineData("{\"Comment\": \"x\"}", "Unknown field Comment")]
    public void A_document_of_another_form_is_malformed(string text, string message) => AssertMalformed(text, message);

    [Theory]
    [InlineData("\"Effect\": \"Allow\", ", "", "Missing required field Effect")]
    [InlineData("\"Principal\": \"*\", ", "", "Missing required field Principal")]
    [InlineData("\"Action\": \"s3:GetObject\", ", "", "Missing required field Action")]
    [InlineData(", \"Resource\": \"arn:aws:s3:::first/*\"", "", "Missing required field Resource")]
    [InlineData("\"Allow\"", "\"Permit\"", "Invalid effect: Permit")]
    [InlineData("\"Allow\"", "1", "Invalid effect: 1")]
    [InlineData("\"Principal\": \"*\"", "\"Principal\": \"bob\"", "Invalid principal in policy")]
    [InlineData("\"Principal\": \"*\"", "\"Principal\": {\"AWS\": \"arn:aws:sts::1:x\"}", "Invalid principal in policy")]
    [InlineData("\"Principal\": \"*\"", "\"Principal\": {\"Nobody\": \"x\"}", "Invalid principal in policy")]
    [InlineData("\"Principal\": \"*\"", "\"Principal\": {}", "Invalid policy syntax.")]
    [InlineData("\"Principal\": \"*\"", "\"NotPrincipal\": {\"AWS\": \"bob\"}", "Allow with NotPrincipal is not allowed.")]
    [InlineData("\"s3:GetObject\"", "\"s3:GetNothing\"", "Policy has invalid action")]
    [InlineData("\"s3:GetObject\"", "\"ec2:*\"", "Policy has invalid action")]
    [InlineData("\"s3:GetObject\"", "[]", "Invalid policy syntax.")]
    [InlineData("\"arn:aws:s3:::first/*\"", "\"arn:aws:s3:::second/*\"", "Policy has invalid resource")]
    [InlineData("\"arn:aws:s3:::first/*\"", "\"first/*\"", "Policy has invalid resource")]
    [InlineData("\"Effect\"", "\"Sid\": 1, \"Effect\"", "Invalid policy syntax.")]
    [InlineData("\"Effect\"", "\"Comment\": \"x\", \"Effect\"", "Unknown field Comment")]
    [InlineData("\"Effect\"", "\"Condition\": {\"ArnLike\": {\"aws:Referer\": \"x\"}}, \"Effect\"", "Invalid Condition type : ArnLike")]
    [InlineData(
        "\"Effect\"", "\"Condition\": {\"NullIfExists\": {\"aws:Referer\": true}}, \"Effect\"", "Invalid Condition type : NullIfExists")]
    [InlineData(
        "\"Effect\"", "\"Condition\": {\"StringEquals\": {\"aws:Weather\": \"x\"}}, \"Effect\"", "Policy has an invalid condition key")]
    [InlineData("\"Effect\"", "\"Condition\": {\"IpAddress\": {\"aws:SourceIp\": \"10.0.0.0/33\"}}, \"Effect\"", "Invalid Condition value")]
    [InlineData("\"Effect\"", "\"Condition\": {\"IpAddress\": {\"aws:SourceIp\": \"10.0.0.0/\"}}, \"Effect\"", "Invalid Condition value")]
    [InlineData("\"Effect\"", "\"Condition\": {\"IpAddress\": {\"aws:SourceIp\": \"10.0.0.0/-1\"}}, \"Effect\"", "Invalid Condition value")]
    [InlineData("\"Effect\"", "\"Condition\": {\"IpAddress\": {\"aws:SourceIp\": \"10.0.0.0/+8\"}}, \"Effect\"", "Invalid Condition value")]
    [InlineData(
        "\"Effect\"", "\"Condition\": {\"IpAddress\": {\"aws:SourceIp\": \"2001:db8::/129\"}}, \"Effect\"", "Invalid Condition value")]
    [InlineData("\"Effect\"", "\"Condition\": {\"IpAddress\": {\"aws:SourceIp\": \"example.com\"}}, \"Effect\"", "Invalid Condition value")]
    [InlineData("\"Effect\"", "\"Condition\": {\"NumericEquals\": {\"s3:max-keys\": \"x\"}}, \"Effect\"", "Invalid Condition value")]
    [InlineData("\"Effect\"", "\"Condition\": {\"DateEquals\": {\"aws:CurrentTime\": \"soon\"}}, \"Effect\"", "Invalid Condition value")]
    [InlineData("\"Effect\"", "\"Condition\": {\"Bool\": {\"aws:SecureTransport\": \"maybe\"}}, \"Effect\"", "Invalid Condition value")]
    public void A_statement_of_another_form_is_malformed(string part, string replacement, string message)
    {
        Assert.Contains(part, Good, StringComparison.Ordinal);
        AssertMalformed($"{{\"Statement\": [{{{Good.Replace(part, replacement, StringComparison.Ordinal)}}}]}}", message);
    }

    [Theory]
    [InlineData("\"Principal\": \"*\"", "\"Principal\": {\"Service\": \"logging.s3.amazonaws.com\"}")]
    [InlineData("first/*", "first/${aws:username}/*")]
    [InlineData("\"Effect\"", "\"Condition\": {\"ForAnyValue:StringEquals\": {\"aws:Referer\": \"x\"}}, \"Effect\"")]
    [InlineData("\"Effect\"", "\"Condition\": {\"StringEquals\": {\"aws:Referer\": \"${aws:userid}\"}}, \"Effect\"")]
    public void What_is_not_here_is_refused_rather_than_ignored(string part, string replacement)
    {
        var text = $"{{\"Statement\": [{{{Good.Replace(part, replacement, StringComparison.Ordinal)}}}]}}";

        Assert.Equal("NotImplemented", Assert.Throws<S3Exception>(() => PolicyReader.Read(text, "first")).Error.Code);
    }

    [Fact]
    public void A_single_statement_needs_no_list()
    {
        var policy = PolicyReader.Read($"{{\"Id\": \"x\", \"Statement\": {{\"Sid\": \"y\", {Good}}}}}", "first");

        Assert.True(Assert.Single(policy.Statements).Allows);
    }

    private static void AssertMalformed(string text, string message)
    {
        var error = Assert.Throws<S3Exception>(() => PolicyReader.Read(text, "first")).Error;
        Assert.Equal(("MalformedPolicy", message), (error.Code, error.Message));
    }
}
