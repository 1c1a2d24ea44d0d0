using MediaAspire.Api.S3.Access;
using MediaAspire.Api.S3.Policies;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Api.S3.Access;

public sealed class ObjectCheckTests
{
    private readonly AccessAuthorizer _authorizer = new(new PolicyCache(TimeProvider.System), new AccessDocuments(TimeProvider.System));

    [Theory]
    [InlineData("s3:GetObject")]
    [InlineData("s3:GetObjectVersion")]
    [InlineData("s3:PutObjectTagging")]
    [InlineData("s3:GetObjectRetention")]
    public async Task AuthorizeAsync_ActionOnAnObject_IsNotDecidedWithoutTheObject(string action) =>
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await _authorizer.AuthorizeAsync(Request("alice"), action, Bucket(), "k", CancellationToken.None));

    [Theory]
    [InlineData("s3:PutObject")]
    [InlineData("s3:ListBucket")]
    [InlineData("s3:BypassGovernanceRetention")]
    public void AuthorizeObject_ActionOnABucket_IsRefused(string action) =>
        Assert.Throws<ArgumentException>(() => _authorizer.AuthorizeObject(Request("alice"), action, Bucket(), "k"));

    [Theory]
    [InlineData("alice", null, true)]
    [InlineData("bob", null, false)]
    [InlineData(null, null, false)]
    [InlineData("bob", "public-read", true)]
    [InlineData(null, "public-read", true)]
    [InlineData(null, "authenticated-read", false)]
    public void Judge_VersionThatIsFound_DecidesByItsOwnList(string? sender, string? canned, bool isAllowed)
    {
        var check = _authorizer.AuthorizeObject(Request(sender), "s3:GetObject", Bucket(), "k");

        var refused = Record.Exception(() => check.Judge(Version(canned)));

        Assert.Equal(isAllowed, refused is null);
        Assert.Equal(isAllowed ? null : "AccessDenied", (refused as S3Exception)?.Error.Code);
    }

    [Fact]
    public void Judge_DenialByTags_DependsOnTheVersion()
    {
        const string Policy = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*",
            "Condition": {"StringEquals": {"s3:ExistingObjectTag/kind": "secret"}}}]}
            """;
        var check = _authorizer.AuthorizeObject(Request("alice"), "s3:GetObject", Bucket(Policy), "k");

        check.Judge(Version(canned: null));
        Assert.Throws<S3Exception>(() => check.Judge(Version(canned: null, kind: "secret")));
    }

    [Fact]
    public void AuthorizeObject_DenialOfEveryObject_IsKnownBeforeTheLookup()
    {
        const string Policy = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}
            """;

        var refused = Assert.Throws<S3Exception>(() => _authorizer.AuthorizeObject(Request("alice"), "s3:GetObject", Bucket(Policy), "k"));

        Assert.Equal("AccessDenied", refused.Error.Code);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void And_BothChecks_MustSucceed(bool first, bool second, bool isAllowed)
    {
        var bucket = Bucket();
        var both = Of(first).And(Of(second));

        Assert.Equal(isAllowed, Record.Exception(() => both.Judge(Version(canned: null))) is null);
        Assert.Equal((bucket, "k"), (both.Bucket, both.Key));

        ObjectCheck Of(bool allows) => _authorizer.AuthorizeObject(Request(allows ? "alice" : "bob"), "s3:GetObject", bucket, "k");
    }

    private static S3Request Request(string? sender) => new(new DefaultHttpContext(), "1", new("first", "k"))
    {
        Principal = sender is null ? S3Principal.Anonymous : new(sender, sender, "KEY"),
    };

    private static Bucket Bucket(string? policy = null) =>
        new(BucketId.New(TimeProvider.System), "first", "alice", "us-east-1", default, BucketVersioning.Off)
        {
            Documents = policy is null
                ? new Dictionary<BucketDocument, string>()
                : new Dictionary<BucketDocument, string> { [BucketDocument.Policy] = policy },
        };

    private static ObjectVersion Version(string? canned, string kind = "plain")
    {
        var attributes = new ObjectAttributes("alice", "text/plain")
        {
            Acl = canned is null ? null : CannedAcl.Named(canned, "alice", "alice").ToJson(),
            Tags = new Dictionary<string, string> { ["kind"] = kind },
        };
        return new(VersionId.New(TimeProvider.System), "k", attributes)
        {
            IsNull = true,
            IsLatest = true,
            IsDeleteMarker = false,
            ModifiedAt = default,
            Size = 0,
            ETag = "",
        };
    }
}
