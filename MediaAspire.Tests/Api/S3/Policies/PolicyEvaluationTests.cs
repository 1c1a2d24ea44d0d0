using System.Net;
using MediaAspire.Api.S3.Policies;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Api.S3.Policies;

public sealed class PolicyEvaluationTests
{
    private const string Anybody = "\"Principal\": \"*\"";
    private const string Everything = "\"Action\": \"s3:*\", \"Resource\": \"*\"";

    [Theory]
    [InlineData("\"*\"", "bob", true)]
    [InlineData("\"*\"", null, true)]
    [InlineData("{\"AWS\": \"*\"}", null, true)]
    [InlineData("{\"AWS\": \"arn:aws:iam::bob:root\"}", "bob", true)]
    [InlineData("{\"AWS\": \"arn:aws:iam::bob:root\"}", "alice", false)]
    [InlineData("{\"AWS\": \"arn:aws:iam::bob:root\"}", null, false)]
    [InlineData("{\"AWS\": [\"carol\", \"arn:aws:iam:::user/bob\"]}", "bob", true)]
    [InlineData("{\"CanonicalUser\": \"bob\"}", "bob", true)]
    [InlineData("{\"CanonicalUser\": \"bob\"}", "bobby", false)]
    public void A_statement_is_about_its_principals(string principal, string? sender, bool isAbout) =>
        AssertAllows(isAbout, $"\"Principal\": {principal}, {Everything}", new() { Sender = sender });

    [Theory]
    [InlineData("\"s3:GetObject\"", "s3:GetObject", true)]
    [InlineData("\"S3:getobject\"", "s3:GetObject", true)]
    [InlineData("\"s3:Get*\"", "s3:GetObjectTagging", true)]
    [InlineData("\"s3:GetObject\"", "s3:GetObjectTagging", false)]
    [InlineData("[\"s3:PutObject\", \"s3:GetObjec?\"]", "s3:GetObject", true)]
    [InlineData("\"*\"", "s3:PutObject", true)]
    public void A_statement_is_about_its_actions(string actions, string action, bool isAbout)
    {
        AssertAllows(isAbout, $"{Anybody}, \"Action\": {actions}, \"Resource\": \"*\"", new() { Action = action });
        AssertAllows(!isAbout, $"{Anybody}, \"NotAction\": {actions}, \"Resource\": \"*\"", new() { Action = action });
    }

    [Theory]
    [InlineData("arn:aws:s3:::first/*", "a/b", true)]
    [InlineData("arn:aws:s3:::first/a/?", "a/b", true)]
    [InlineData("arn:aws:s3:::first/a", "a/b", false)]
    [InlineData("arn:aws:s3:::first/A/B", "a/b", false)]
    [InlineData("arn:aws:s3:::first", "a", false)]
    [InlineData("arn:aws:s3:::first", null, true)]
    [InlineData("arn:aws:s3:::first/*", null, false)]
    [InlineData("arn:aws:s3:::*", "a", true)]
    [InlineData("arn:aws:s3:::f*t/x/*/z", "x/1/2/z", true)]
    public void A_statement_is_about_its_resources(string resource, string? key, bool isAbout)
    {
        AssertAllows(isAbout, $"{Anybody}, \"Action\": \"s3:*\", \"Resource\": \"{resource}\"", new() { Key = key });
        AssertAllows(!isAbout, $"{Anybody}, \"Action\": \"s3:*\", \"NotResource\": \"{resource}\"", new() { Key = key });
    }

    [Theory]
    [InlineData("StringEquals", "s3:x-amz-acl", "private", "x-amz-acl", "private", true)]
    [InlineData("StringEquals", "s3:x-amz-acl", "private", "x-amz-acl", "Private", false)]
    [InlineData("StringEqualsIgnoreCase", "s3:x-amz-acl", "private", "x-amz-acl", "Private", true)]
    [InlineData("StringEquals", "s3:x-amz-acl", "private", null, null, false)]
    [InlineData("StringNotEquals", "s3:x-amz-acl", "private", "x-amz-acl", "public-read", true)]
    [InlineData("StringNotEquals", "s3:x-amz-acl", "private", "x-amz-acl", "private", false)]
    [InlineData("StringNotEquals", "s3:x-amz-acl", "private", null, null, true)]
    [InlineData("StringNotEqualsIgnoreCase", "s3:x-amz-acl", "private", "x-amz-acl", "PRIVATE", false)]
    [InlineData("StringLike", "s3:X-Amz-Acl", "public*", "x-amz-acl", "public-read-write", true)]
    [InlineData("StringLike", "s3:x-amz-acl", "public*", "x-amz-acl", "private", false)]
    [InlineData("StringNotLike", "s3:x-amz-acl", "public*", "x-amz-acl", "private", true)]
    [InlineData("StringLikeIfExists", "aws:Referer", "http://example.com/*", null, null, true)]
    [InlineData("StringLikeIfExists", "aws:Referer", "http://example.com/*", "Referer", "http://example.com/a", true)]
    [InlineData("StringLikeIfExists", "aws:Referer", "http://example.com/*", "Referer", "http://example.org/", false)]
    [InlineData("StringEquals", "aws:UserAgent", "x", "User-Agent", "x", true)]
    [InlineData("StringEquals", "s3:signatureversion", "AWS", null, null, true)]
    [InlineData("StringNotEquals", "s3:signatureversion", "AWS4-HMAC-SHA256", null, null, true)]
    [InlineData("StringEquals", "s3:authtype", "REST-QUERY-STRING", null, null, true)]
    [InlineData("Null", "s3:x-amz-server-side-encryption", "true", null, null, true)]
    [InlineData("Null", "s3:x-amz-server-side-encryption", "true", "x-amz-server-side-encryption", "AES256", false)]
    [InlineData("Null", "s3:x-amz-server-side-encryption", "false", "x-amz-server-side-encryption", "AES256", true)]
    [InlineData("Bool", "aws:SecureTransport", "false", null, null, true)]
    [InlineData("Bool", "aws:SecureTransport", "true", null, null, false)]
    [InlineData("IpAddress", "aws:SourceIp", "192.0.2.0/24", null, null, true)]
    [InlineData("IpAddress", "aws:SourceIp", "192.0.2.77", null, null, true)]
    [InlineData("IpAddress", "aws:SourceIp", "192.0.2.64/29", null, null, false)]
    [InlineData("IpAddress", "aws:SourceIp", "192.0.2.72/29", null, null, true)]
    [InlineData("IpAddress", "aws:SourceIp", "192.0.2.200/24", null, null, true)]
    [InlineData("IpAddress", "aws:SourceIp", "0.0.0.0/0", null, null, true)]
    [InlineData("IpAddress", "aws:SourceIp", "::ffff:192.0.2.0/120", null, null, true)]
    [InlineData("IpAddress", "aws:SourceIp", "::ffff:192.0.2.77", null, null, true)]
    [InlineData("IpAddress", "aws:SourceIp", "::ffff:198.51.100.0/120", null, null, false)]
    [InlineData("IpAddress", "aws:SourceIp", "2001:db8::/32", null, null, false)]
    [InlineData("NotIpAddress", "aws:SourceIp", "::ffff:192.0.2.0/120", null, null, false)]
    [InlineData("NotIpAddress", "aws:SourceIp", "192.0.2.0/24", null, null, false)]
    [InlineData("NotIpAddress", "aws:SourceIp", "198.51.100.0/24", null, null, true)]
    [InlineData("StringEquals", "s3:x-amz-copy-source", "other/a b", "x-amz-copy-source", "/other/a%20b?versionId=1", true)]
    [InlineData("StringEquals", "s3:RequestObjectTag/colour", "red", "x-amz-tagging", "a=1&colour=red", true)]
    [InlineData("StringEquals", "s3:RequestObjectTag/colour", "red", "x-amz-tagging", "Colour=red", false)]
    [InlineData("StringEquals", "s3:ExistingObjectTag/kind", "photo", null, null, true)]
    [InlineData("StringEquals", "s3:ExistingObjectTag/kind", "film", null, null, false)]
    [InlineData("DateLessThan", "aws:CurrentTime", "2100-01-01T00:00:00Z", null, null, true)]
    [InlineData("DateGreaterThan", "aws:CurrentTime", "2100-01-01", null, null, false)]
    [InlineData("NumericGreaterThan", "aws:EpochTime", "1700000000", null, null, true)]
    public void A_statement_is_about_what_meets_its_condition(
        string type, string key, string value, string? header, string? sent, bool isAbout) =>
        AssertAllows(
            isAbout,
            $"{Anybody}, {Everything}, \"Condition\": {{\"{type}\": {{\"{key}\": \"{value}\"}}}}",
            new() { Action = "s3:GetObject", Key = "a", Header = header is null ? null : (header, sent!) });

    [Theory]
    [InlineData("NumericEquals", "10", true)]
    [InlineData("NumericNotEquals", "10", false)]
    [InlineData("NumericLessThan", "10", false)]
    [InlineData("NumericLessThanEquals", "10", true)]
    [InlineData("NumericGreaterThan", "9", true)]
    [InlineData("NumericGreaterThanEquals", "11", false)]
    public void Numbers_are_compared_as_such(string type, string value, bool isAbout) => AssertAllows(
        isAbout,
        $"{Anybody}, {Everything}, \"Condition\": {{\"{type}\": {{\"s3:max-keys\": {value}}}}}",
        new() { Action = "s3:ListBucket", Key = null, Query = "?max-keys=10" });

    [Theory]
    [InlineData(null, "?prefix=public/x", true)]
    [InlineData(null, "?prefix=private/", false)]
    [InlineData(null, "", false)]
    [InlineData("public/missing", "", true)]
    [InlineData("private/missing", "?prefix=public/", false)]
    public void A_listing_has_a_prefix_and_a_missing_key_is_one(string? key, string query, bool isAbout) => AssertAllows(
        isAbout,
        $"{Anybody}, \"Action\": \"s3:ListBucket\", \"Resource\": \"arn:aws:s3:::first\", "
        + "\"Condition\": {\"StringLike\": {\"s3:prefix\": \"public/*\"}}",
        new() { Action = "s3:ListBucket", Key = key, Query = query });

    [Fact]
    public void One_value_of_several_is_enough_and_every_condition_counts()
    {
        const string condition =
            """
            "Condition": {"StringEquals": {"s3:x-amz-acl": ["private", "public-read"]}, "IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
            """;
        const string elsewhere =
            """
            "Condition": {"StringEquals": {"s3:x-amz-acl": ["private", "public-read"]}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
            """;
        var asked = new Asked { Header = ("x-amz-acl", "public-read") };

        AssertAllows(true, $"{Anybody}, {Everything}, {condition}", asked);
        AssertAllows(false, $"{Anybody}, {Everything}, {elsewhere}", asked);
    }

    [Fact]
    public void A_denial_outweighs_what_is_allowed_wherever_it_stands()
    {
        const string allow = "{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": \"*\"}";
        const string deny = "{\"Effect\": \"Deny\", \"NotPrincipal\": {\"AWS\": \"alice\"}, \"Action\": \"s3:*\", \"Resource\": \"*\"}";

        foreach (var statements in new[] { $"{allow}, {deny}", $"{deny}, {allow}" })
        {
            var policy = PolicyReader.Read($"{{\"Statement\": [{statements}]}}", "first");
            Assert.Equal(PolicyVerdict.Deny, policy.Evaluate(Question(new() { Sender = "bob" })));
            Assert.Equal(PolicyVerdict.Deny, policy.Evaluate(Question(new() { Sender = null })));
            Assert.Equal(PolicyVerdict.Allow, policy.Evaluate(Question(new() { Sender = "alice" })));
        }
    }

    [Theory]
    [InlineData("\"Principal\": \"*\"", "", true)]
    [InlineData("\"Principal\": {\"AWS\": \"*\"}", "", true)]
    [InlineData("\"Principal\": {\"AWS\": \"bob\"}", "", false)]
    [InlineData("\"Principal\": \"*\"", "\"IpAddress\": {\"aws:SourceIp\": \"10.0.0.0/32\"}", false)]
    [InlineData("\"Principal\": \"*\"", "\"IpAddress\": {\"aws:SourceIp\": [\"10.0.0.0/8\", \"0.0.0.0/0\"]}", true)]
    [InlineData("\"Principal\": \"*\"", "\"IpAddress\": {\"aws:SourceIp\": \"::ffff:0.0.0.0/96\"}", true)]
    [InlineData("\"Principal\": \"*\"", "\"IpAddress\": {\"aws:SourceIp\": \"2001:db8::/32\"}", false)]
    [InlineData("\"Principal\": \"*\"", "\"IpAddress\": {\"aws:SourceIp\": \"2001:d00::/24\"}", true)]
    [InlineData("\"Principal\": \"*\"", "\"IpAddressIfExists\": {\"aws:SourceIp\": \"10.0.0.0/8\"}", true)]
    [InlineData("\"Principal\": \"*\"", "\"StringEquals\": {\"aws:PrincipalAccount\": \"bob\"}", false)]
    [InlineData("\"Principal\": \"*\"", "\"StringLike\": {\"aws:PrincipalAccount\": \"b*\"}", true)]
    [InlineData("\"Principal\": \"*\"", "\"StringLike\": {\"aws:Referer\": \"http://example.com\"}", true)]
    public void A_policy_is_public_when_nothing_pins_its_senders_down(string principal, string condition, bool isPublic)
    {
        var policy = PolicyReader.Read(Policy("Allow", $"{principal}, {Everything}, \"Condition\": {{{condition}}}"), "first");

        Assert.Equal(isPublic, policy.IsPublic);
        Assert.False(PolicyReader.Read(Policy("Deny", $"{principal}, {Everything}"), "first").IsPublic);
    }

    private static string Policy(string effect, string fields) =>
        $"{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"{effect}\", {fields}}}]}}";

    private static void AssertAllows(bool expected, string fields, Asked asked)
    {
        Assert.Equal(
            expected ? PolicyVerdict.Allow : PolicyVerdict.Silent,
            PolicyReader.Read(Policy("Allow", fields), "first").Evaluate(Question(asked)));
        Assert.Equal(
            expected ? PolicyVerdict.Deny : PolicyVerdict.Silent,
            PolicyReader.Read(Policy("Deny", fields), "first").Evaluate(Question(asked)));
    }

    private static PolicyQuestion Question(Asked asked)
    {
        var services = new ServiceCollection().AddSingleton(TimeProvider.System).BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services };
        http.Connection.RemoteIpAddress = IPAddress.Parse("::ffff:192.0.2.77");
        http.Request.QueryString = new(asked.Query);
        if (asked.Header is { } header)
        {
            http.Request.Headers[header.Name] = header.Value;
        }

        var bucket = new Bucket(BucketId.New(TimeProvider.System), "first", "alice", "us-east-1", default, BucketVersioning.Off);
        var tags = new Dictionary<string, string> { ["kind"] = "photo" };
        var version = new ObjectVersion(VersionId.New(TimeProvider.System), asked.Key ?? "", new("alice", "") { Tags = tags })
        {
            IsNull = true,
            IsLatest = true,
            IsDeleteMarker = false,
            ModifiedAt = default,
            Size = 0,
            ETag = "",
        };
        var request = new S3Request(http, "1", new("first", asked.Key))
        {
            Principal = asked.Sender is null ? S3Principal.Anonymous : new(asked.Sender, asked.Sender, "KEY"),
            Signature = S3Signature.Version2Query,
        };
        return new(request, asked.Action, bucket, asked.Key) { Version = version };
    }

    private sealed record Asked
    {
        public string? Sender { get; init; } = "bob";

        public string Action { get; init; } = "s3:GetObject";

        public string? Key { get; init; } = "a";

        public (string Name, string Value)? Header { get; init; }

        public string Query { get; init; } = "";
    }
}
