using System.Security.Cryptography;
using MediaAspire.Api.Uploads;
using MediaAspire.Core.AccessKeys;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace MediaAspire.Tests.Api.Uploads;

public sealed class UploadHeaderTests
{
    private static readonly string s_key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public void TusMetadata_Pairs_AreRead()
    {
        Assert.True(TusMetadata.TryRead("filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential, empty ", out var values));

        Assert.Equal("world_domination_plan.pdf", values["filename"]);
        Assert.Equal("", values["is_confidential"]);
        Assert.Equal("", values["empty"]);
    }

    [Fact]
    public void TusMetadata_BytesThatAreNotText_AreLeftOut()
    {
        Assert.True(TusMetadata.TryRead("hash /////w==,name YQ==", out var values));

        Assert.Equal(["name"], values.Keys);
    }

    [Theory]
    [InlineData("name YQ==,name Yg==")]
    [InlineData("name YQ==,hash /////w==,hash /////w==")]
    [InlineData("name Y Q")]
    [InlineData("name %%%")]
    [InlineData(",")]
    [InlineData("näme YQ==")]
    public void TusMetadata_Malformed_IsRefused(string header) => Assert.False(TusMetadata.TryRead(header, out _));

    [Fact]
    public void DeclaredChecksum_OfEveryAlgorithm_IsRead()
    {
        byte[] hello = [.. "hello world"u8];
        string[] known =
        [
            "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "md5 XrY7u+Ae7tCTyyK7j1rNww==", "sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=",
            "crc32 DUoRhQ==", "crc32c yZRlqg==",
            "sha512 MJ7MSJwS1utMxA9QyQLytNDtd+5RGnx6m808qG1M2G+YndNbxf9JlnDaNCVbRbDP2DDoH2Bdz33FVC6TrpzXbw==",
        ];
        foreach (var text in known)
        {
            Assert.True(DeclaredChecksum.TryRead(text, out var checksum), text);
            using var running = DeclaredChecksum.Start(checksum.Algorithm);
            running.Append(hello.AsSpan(0, 4));
            running.Append(hello.AsSpan(4));
            Assert.Equal((text, Convert.ToHexString(checksum.Value)), (text, Convert.ToHexString(running.Finish())));
            Assert.Contains(checksum.Algorithm, DeclaredChecksum.Algorithms.Split(','));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha1")]
    [InlineData("sha1 x")]
    [InlineData("SHA1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=")]
    [InlineData("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0= x")]
    [InlineData("sha1 XrY7u+Ae7tCTyyK7j1rNww==")]
    [InlineData("sha3 Kq5sNclPz7QV2+lfQIuc6R7oRu0=")]
    public void DeclaredChecksum_Malformed_IsRefused(string text) => Assert.False(DeclaredChecksum.TryRead(text, out _));

    [Fact]
    public void UploadFields_OfSeveralSources_TheQueryOutweighsTheMetadata()
    {
        var query = new QueryCollection(new Dictionary<string, StringValues> { ["filename"] = "query.txt", ["bucketName"] = "films" });
        var metadata = new Dictionary<string, string> { ["name"] = "metadata.txt", ["type"] = "text/plain", ["objectName"] = "a/b" };

        var fields = UploadFields.Read(query, metadata, (UploadFields.Names.ContentType, "image/png"), (UploadFields.Names.Owner, null));

        Assert.Equal(
            [("bucket", "films"), ("contentType", "text/plain"), ("filename", "query.txt"), ("key", "a/b")],
            fields.Values.Select(field => (field.Key, field.Value)).Order());
    }

    [Fact]
    public void UploadFields_WithAGrant_KeepNothingThatSaysWhatBecomesOfTheBytes()
    {
        var query = new QueryCollection(new Dictionary<string, StringValues>
        {
            ["bucket"] = "other",
            ["key"] = "other",
            ["owner"] = "other",
            ["target"] = "object",
            ["filename"] = "own.txt",
        });

        var fields = UploadFields.Read(query, new Dictionary<string, string>())
            .With(new Dictionary<string, string> { ["target"] = "file" });

        Assert.Equal([("filename", "own.txt"), ("target", "file")], fields.Values.Select(field => (field.Key, field.Value)).Order());
    }

    [Fact]
    public void UploadGrants_Token_IsValidUntilItExpires()
    {
        var time = new ManualTime();
        var grants = Grants(time, s_key);
        var grant = GrantOf(time.GetUtcNow().AddMinutes(1));
        var token = grants.Sign(grant);

        Assert.Matches("^[A-Za-z0-9._-]+$", token);
        Assert.Equal(GrantOutcome.Valid, grants.Verify(token, out var read));
        Assert.Equal((grant.Upload, "root", "alice", "films", 10, "image/*"), (
            read!.Upload, read.KeyId, read.Owner, read.Target["bucket"], read.MaxSize, read.ContentType));
        Assert.Equal(GrantOutcome.Expired, grants.Verify(grants.Sign(GrantOf(time.GetUtcNow().AddSeconds(-1))), out _));
    }

    [Fact]
    public void UploadGrants_ChangedToken_IsInvalid()
    {
        var time = new ManualTime();
        var grants = Grants(time, s_key);
        var token = grants.Sign(GrantOf(time.GetUtcNow().AddMinutes(1)));

        for (var i = 0; i < token.Length; i++)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            var outcome = grants.Verify(changed, out _);

            // The last character of base64 has bits without meaning.
            Assert.True(
                outcome == GrantOutcome.Invalid || i == token.Length - 1 || token[i + 1] == '.', $"A change at {i} was {outcome}.");
        }

        foreach (var other in new[] { "", ".", "..", token + ".", token + "A", token.Split('.')[0], new string('A', 100_000) })
        {
            Assert.Equal(GrantOutcome.Invalid, grants.Verify(other, out _));
        }

        Assert.Equal(GrantOutcome.Invalid, Grants(time, Convert.ToBase64String(new byte[32])).Verify(token, out _));
    }

    [Fact]
    public void UploadGrants_AfterTheKeyWasReplaced_TheOldOneStillVerifies()
    {
        var time = new ManualTime();
        var token = Grants(time, s_key).Sign(GrantOf(time.GetUtcNow().AddMinutes(1)));

        Assert.Equal(GrantOutcome.Valid, Grants(time, Convert.ToBase64String(new byte[32]), s_key).Verify(token, out _));
    }

    private static UploadGrants Grants(ManualTime time, string key, params string[] old)
    {
        var options = new AccessKeyOptions { SecretsKey = key };
        foreach (var one in old)
        {
            options.OldSecretsKeys.Add(one);
        }

        return new(Options.Create(options), time);
    }

    private static UploadGrant GrantOf(DateTimeOffset expiresAt) => new(
        Guid.CreateVersion7(), "root", "alice", new Dictionary<string, string> { ["target"] = "object", ["bucket"] = "films" }, 10,
        "image/*",
        expiresAt.ToUnixTimeSeconds());
}
