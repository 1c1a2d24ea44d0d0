using System.Text;
using MediaAspire.Api.S3.Forms;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Tests.Api.S3.Forms;

public sealed class PostPolicyTests
{
    private const string Expiration = "\"expiration\": \"2026-01-02T03:04:05Z\"";

    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("", "Expecting")]
    [InlineData("[]", "Invalid JSON.")]
    [InlineData("{", "Invalid JSON.")]
    [InlineData("{\"conditions\": []}", "Policy missing expiration.")]
    [InlineData("{" + Expiration + "}", "Policy missing conditions.")]
    [InlineData("{\"EXPIRATION\": \"2026-01-02T03:04:05Z\", \"conditions\": []}", "Unexpected: 'EXPIRATION'")]
    [InlineData("{" + Expiration + ", \"CONDITIONS\": []}", "Unexpected: 'CONDITIONS'")]
    [InlineData(
        "{\"expiration\": \"2026-01-02 03:04:05.123456+00:00\", \"conditions\": []}",
        "Invalid 'expiration' value: '2026-01-02 03:04:05.123456+00:00'")]
    [InlineData("{\"expiration\": 7, \"conditions\": []}", "Invalid 'expiration' value: '7'")]
    [InlineData("{" + Expiration + ", \"conditions\": {}}", "Invalid 'conditions' value: must be a List.")]
    [InlineData("{" + Expiration + ", \"conditions\": [7]}", "Invalid condition test: must be a List or Object.")]
    [InlineData(
        "{" + Expiration + ", \"conditions\": [{}]}",
        "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")]
    [InlineData(
        "{" + Expiration + ", \"conditions\": [{\"a\": \"b\", \"c\": \"d\"}]}",
        "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")]
    [InlineData("{" + Expiration + ", \"conditions\": [{\"a\": 1}]}", "Invalid Simple-Condition: value must be a string.")]
    [InlineData("{" + Expiration + ", \"conditions\": [[]]}", "Invalid Condition: missing operation identifier.")]
    [InlineData(
        "{" + Expiration + ", \"conditions\": [[\"ends-with\", \"$key\", \"x\"]]}",
        "Invalid Condition: unknown operation 'ends-with'.")]
    [InlineData("{" + Expiration + ", \"conditions\": [[\"eq\", \"$key\"]]}", "Invalid eq: wrong number of arguments.")]
    [InlineData(
        "{" + Expiration + ", \"conditions\": [[\"eq\", \"key\", \"x\"]]}",
        "Invalid eq: expected a field name after '$', and a string.")]
    [InlineData(
        "{" + Expiration + ", \"conditions\": [[\"content-length-range\", 0]]}",
        "Invalid content-length-range: wrong number of arguments.")]
    [InlineData(
        "{" + Expiration + ", \"conditions\": [[\"content-length-range\", -1, 0]]}",
        "Invalid content-length-range: expected numbers of bytes.")]
    [InlineData(
        "{" + Expiration + ", \"conditions\": [[\"content-length-range\", 0, 1.5]]}",
        "Invalid content-length-range: expected numbers of bytes.")]
    [InlineData("{" + Expiration + ", \"conditions\": [[[[[[[[[[1]]]]]]]]]]}", "Invalid JSON.")]
    public void Parse_NoPolicy_TellsWhy(string json, string fault)
    {
        var error = Assert.Throws<S3Exception>(() => PostPolicy.Parse(Base64(json))).Error;

        Assert.Equal(("InvalidPolicyDocument", 400), (error.Code, error.Status));
        Assert.Equal(json.Length == 0 ? "Invalid Policy: Invalid JSON." : $"Invalid Policy: {fault}", error.Message);
    }

    [Fact]
    public void Parse_NoBase64_TellsSo()
    {
        Assert.Equal("Invalid Policy: invalid Base64 encoding.", Assert.Throws<S3Exception>(() => PostPolicy.Parse("{}")).Error.Message);
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", true)]
    [InlineData("2026-01-02T03:04:05.001Z", true)]
    [InlineData("2026-01-02T03:04:04.999Z", false)]
    public void Check_Expiration_IsTheLastMoment(string expiration, bool valid)
    {
        var policy = PostPolicy.Parse(Base64(
            $$"""{"expiration": "{{expiration}}", "conditions": [{"bucket": "b"}, ["starts-with", "$key", ""]]}"""));

        var error = Refusal(policy, []);

        Assert.Equal(valid ? null : "Invalid according to Policy: Policy expired.", error?.Message);
        Assert.Equal(valid ? null : 403, error?.Status);
    }

    [Theory]
    [InlineData("{\"acl\": \"private\"}", "acl", "private", null)]
    [InlineData("{\"AcL\": \"private\"}", "aCl", "private", null)]
    [InlineData("{\"acl\": \"private\"}", "acl", "Private", "[\"eq\", \"$acl\", \"private\"]")]
    [InlineData("[\"EQ\", \"$acl\", \"private\"]", "acl", "public-read", "[\"eq\", \"$acl\", \"private\"]")]
    [InlineData("[\"StArTs-WiTh\", \"$Content-Type\", \"text/\"]", "Content-Type", "text/plain", null)]
    [InlineData("[\"starts-with\", \"$Content-Type\", \"image/\"]", "Content-Type", "image/jpeg,image/png", null)]
    [InlineData(
        "[\"starts-with\", \"$Content-Type\", \"image/\"]",
        "Content-Type",
        "image/jpeg, text/html",
        "[\"starts-with\", \"$Content-Type\", \"image/\"]")]
    [InlineData("[\"starts-with\", \"$x-amz-meta-a\", \"\"]", "x-amz-meta-a", "anything", null)]
    [InlineData("[\"eq\", \"$x-amz-meta-a\", \"\"]", "x-amz-meta-a", "barclamp", "[\"eq\", \"$x-amz-meta-a\", \"\"]")]
    [InlineData("[\"starts-with\", \"$x-amz-meta-b\", \"bar\"]", "x-ignore-me", "x", "[\"starts-with\", \"$x-amz-meta-b\", \"bar\"]")]
    [InlineData("[\"eq\", \"$x-amz-meta-q\", \"\\\"ä\\\\\"]", "x-amz-meta-q", "other", "[\"eq\", \"$x-amz-meta-q\", \"\\\"ä\\\\\"]")]
    [InlineData("[\"starts-with\", \"$x-amz-meta-d\", \"\\\\$foo\"]", "x-amz-meta-d", "\\$foo.txt", null)]
    public void Check_Condition_HoldsOrIsNamed(string condition, string field, string value, string? failed)
    {
        var error = Refusal(Policy(condition), [(field, value)]);

        Assert.Equal(failed is null ? null : $"Invalid according to Policy: Policy Condition failed: {failed}", error?.Message);
        Assert.Equal(failed is null ? null : "AccessDenied 403", error is null ? null : $"{error.Code} {error.Status}");
    }

    [Fact]
    public void Check_AnotherBucketOrKeyThanAllowed_IsRefusedForAnyFields()
    {
        var policy = PostPolicy.Parse(Base64(
            "{" + Expiration + """, "conditions": [{"bucket": "b"}, ["starts-with", "$key", "user/"]]}"""));
        var fields = Fields([("bucket", "b"), ("key", "user/${filename}")]);

        policy.Check(fields, "b", "user/a", s_now);
        var bucket = Assert.Throws<S3Exception>(() => policy.Check(fields, "other", "user/a", s_now)).Error;
        var key = Assert.Throws<S3Exception>(() => policy.Check(fields, "b", "admin/a", s_now)).Error;

        Assert.Equal("Invalid according to Policy: Policy Condition failed: [\"eq\", \"$bucket\", \"b\"]", bucket.Message);
        Assert.Equal("Invalid according to Policy: Policy Condition failed: [\"starts-with\", \"$key\", \"user/\"]", key.Message);
    }

    [Fact]
    public void Check_FieldsThatNoConditionCovers_AreExtra()
    {
        var error = Refusal(
            Policy("{\"acl\": \"private\"}"), [("acl", "private"), ("x-amz-meta-a", "1"), ("success_action_status", "200")]);

        Assert.Equal(("AccessDenied", 403), (error!.Code, error.Status));
        Assert.Equal("Invalid according to Policy: Extra input fields: x-amz-meta-a, success_action_status", error.Message);
    }

    [Theory]
    [InlineData("policy")]
    [InlineData("x-amz-signature")]
    [InlineData("signature")]
    [InlineData("AWSAccessKeyId")]
    [InlineData("X-Ignore-Foo")]
    [InlineData("x-amz-checksum-sha256")]
    public void Check_FieldsOfTheSignatureAndTheChecksum_NeedNoCondition(string name)
    {
        Assert.Null(Refusal(Policy("{\"acl\": \"\"}"), [(name, "x")]));
    }

    [Fact]
    public void Check_BucketNotInThePolicy_IsExtra()
    {
        var policy = PostPolicy.Parse(Base64("{" + Expiration + """, "conditions": [["starts-with", "$key", ""]]}"""));

        Assert.Equal("Invalid according to Policy: Extra input fields: bucket", Refusal(policy, [])!.Message);
    }

    [Fact]
    public void CheckWhole_Length_IsWithinEveryRange()
    {
        var range = Policy("[\"content-length-range\", 10, 100], [\"content-length-range\", \"0\", \"50\"]").Length;

        range.CheckWhole(10);
        range.CheckWhole(50);
        var small = Assert.Throws<S3Exception>(() => range.CheckWhole(9)).Error;
        var large = Assert.Throws<S3Exception>(() => range.CheckSoFar(51)).Error;

        Assert.Equal(new ContentLengthRange(10, 50), range);
        Assert.Equal(("EntityTooSmall", 400), (small.Code, small.Status));
        Assert.Equal([new("ProposedSize", "9"), new("MinSizeAllowed", "10")], small.Details);
        Assert.Equal(("EntityTooLarge", 400), (large.Code, large.Status));
        Assert.Equal(ContentLengthRange.Any, Policy("{\"acl\": \"\"}").Length);
    }

    [Fact]
    public void Add_TooMuchOrTwice_IsRefused()
    {
        var fields = Fields([("Key", "k")]);

        Assert.Equal("k", fields["kEY"]);
        Assert.Equal("InvalidArgument", Assert.Throws<S3Exception>(() => fields.Add("key", "other")).Error.Code);
        var tooLong = new string('x', PostFields.MaxBytes);
        Assert.Equal("MaxPostPreDataLengthExceeded", Assert.Throws<S3Exception>(() => fields.Add("a", tooLong)).Error.Code);
    }

    internal static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    internal static PostFields Fields(IEnumerable<(string Name, string Value)> fields)
    {
        var form = new PostFields();
        foreach (var (name, value) in fields)
        {
            form.Add(name, value);
        }

        return form;
    }

    private static PostPolicy Policy(string condition) =>
        PostPolicy.Parse(Base64(
            "{" + Expiration + """, "conditions": [{"bucket": "b"}, ["starts-with", "$key", ""], """ + condition + "]}"));

    private static S3Error? Refusal(PostPolicy policy, IEnumerable<(string Name, string Value)> fields) =>
        (Record.Exception(() => policy.Check(Fields(fields), "b", "k", s_now)) as S3Exception)?.Error;
}
