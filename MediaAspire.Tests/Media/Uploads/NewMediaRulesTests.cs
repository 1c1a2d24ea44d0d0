using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Media.Uploads;

public sealed class NewMediaRulesTests
{
    private const string Sha256 = "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08";

    private static readonly NewPartInput s_part = new() { ContentType = "image/png", Size = 4, Sha256 = Sha256 };

    private static readonly NewMediaInput s_short = new()
    {
        Name = "Sunset",
        ContentType = "text/plain;charset=utf-8",
        Size = 4,
        Sha256 = Sha256,
    };

    [Fact]
    public void TryParse_ShortForm_IsOnePartOfAPrivateSimpleItem()
    {
        var media = UploadWorld.Parse(s_short);

        var part = Assert.Single(media.Parts);
        Assert.Equal((MediaKind.Simple, false, false, false, null),
            (media.Kind, media.IsPublic, media.IsTemporary, media.IsUnlisted, media.Deferred));
        Assert.Equal(("main", "text/plain; charset=utf-8", 4L), (part.Type, part.ContentType, part.Size));
        Assert.Equal(Sha256, $"{part.Sha256}", ignoreCase: true);
        Assert.Equal("application/octet-stream", UploadWorld.Parse(s_short with { ContentType = null }).Parts[0].ContentType);
    }

    [Fact]
    public void TryParse_FullForm_KeepsEveryOption()
    {
        var media = UploadWorld.Parse(new NewMediaInput
        {
            Name = "Walk",
            Kind = "video",
            Access = "public",
            Expires = 60,
            Multipart = true,
            Update = new MediaFieldInput { Name = "Walk at noon" },
            Parts = [s_part with { Type = "preview" }, s_part with { Type = "hd" }],
        });

        Assert.Equal((MediaKind.Video, true, true), (media.Kind, media.IsPublic, media.IsMultipart));
        Assert.Equal(TimeSpan.FromMinutes(1), media.AddressesFor);
        Assert.Equal("Walk at noon", DeferredUpdate.Parse(media.Deferred!).Name);
        Assert.Equal(["preview", "hd"], media.Parts.Select(part => part.Type));
    }

    [Theory]
    [InlineData("simple", 1)]
    [InlineData("simple", 100)]
    [InlineData("pano-equirect", 2)]
    [InlineData("pano-cubemap", 7)]
    [InlineData("glb-extended", 2)]
    [InlineData("glb-extended", 3)]
    [InlineData("video", 1)]
    [InlineData("video", 10)]
    public void TryParse_NumberOfPartsOfTheKind_IsAccepted(string kind, int parts) =>
        Assert.Equal(parts, UploadWorld.Parse(WithParts(kind, parts)).Parts.Length);

    [Theory]
    [InlineData("simple", 0)]
    [InlineData("simple", 101)]
    [InlineData("pano-equirect", 1)]
    [InlineData("pano-equirect", 3)]
    [InlineData("pano-cubemap", 6)]
    [InlineData("glb-extended", 1)]
    [InlineData("glb-extended", 4)]
    [InlineData("video", 11)]
    [InlineData("video", 12)]
    public void TryParse_AnotherNumberOfParts_IsRefused(string kind, int parts) =>
        Assert.Equal("parts", Refuse(WithParts(kind, parts)).Field);

    [Fact]
    public void TryParse_PreviewsWithoutAVideo_AreRefused()
    {
        Assert.Equal("parts", Refuse(WithParts("video", 1) with { Parts = [s_part with { Type = "preview" }] }).Field);
        Assert.Equal("parts", Refuse(WithParts("video", 1) with
        {
            Parts = [s_part, s_part with { Type = "preview" }, s_part with { Type = "preview" }],
        }).Field);
    }

    [Theory]
    [InlineData("image", 52_428_800)]
    [InlineData("background", 2_097_152)]
    [InlineData("model", 329_252_864)]
    [InlineData("zip", 20_971_520)]
    [InlineData("pkpass", 20_971_520)]
    [InlineData("video", 1_073_741_824)]
    [InlineData("text", 104_857_600)]
    public void TryParse_PartAboveTheLimitOfItsKind_IsTooLarge(string kind, long limit)
    {
        Assert.Equal(limit, UploadWorld.Parse(s_short with { Kind = kind, Size = limit }).Parts[0].Size);

        var fault = Refuse(s_short with { Kind = kind, Size = limit + 1 });
        Assert.Equal(("media-too-large", "size"), (fault.Code, fault.Field));
    }

    public static TheoryData<string, NewMediaInput> Wrong => new()
    {
        { "name", s_short with { Name = null } },
        { "name", s_short with { Name = "" } },
        { "name", s_short with { Name = new string('a', 76) } },
        { "kind", s_short with { Kind = "Image" } },
        { "kind", s_short with { Kind = "" } },
        { "access", s_short with { Access = "Public" } },
        { "expires", s_short with { Expires = 0 } },
        { "expires", s_short with { Expires = 86_401 } },
        { "size", s_short with { Size = -1 } },
        { "size", s_short with { Size = null } },
        { "sha256", s_short with { Sha256 = null } },
        { "sha256", s_short with { Sha256 = Sha256[1..] } },
        { "sha256", s_short with { Sha256 = "x" + Sha256[1..] } },
        { "sha256", s_short with { Sha256 = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=" } },
        { "contentType", s_short with { ContentType = "" } },
        { "contentType", s_short with { ContentType = "png" } },
        { "contentType", s_short with { ContentType = "text/plain\r\nx-amz-acl: public-read" } },
        { "contentType", s_short with { ContentType = "text/" + new string('a', 256) } },
        { "parts", s_short with { Parts = [s_part] } },
        { "parts", s_short with { ContentType = null, Size = null, Sha256 = null } },
        { "parts[1].sha256", WithParts("simple", 1) with { Parts = [s_part, s_part with { Sha256 = "00" }] } },
        { "parts[0].size", WithParts("simple", 1) with { Parts = [null] } },
        { "parts[0].type", WithParts("simple", 1) with { Parts = [s_part with { Type = new string('a', 51) }] } },
        { "alias", s_short with { Alias = "a/b" } },
        { "tags", s_short with { Tags = [.. Enumerable.Range(0, 21).Select(i => $"t{i}")] } },
        { "update", s_short with { Temporary = true, Update = new MediaFieldInput { Name = "x" } } },
        { "update", s_short with { Unlisted = true, Update = new MediaFieldInput { Name = "x" } } },
        { "update.name", s_short with { Update = new MediaFieldInput { Name = "" } } },
        { "update.references", s_short with { Update = new MediaFieldInput { References = [] } } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void TryParse_FieldThatBreaksItsRule_IsNamed(string field, NewMediaInput input) => Assert.Equal(field, Refuse(input).Field);

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(64L << 20, 1, 64L << 20)]
    [InlineData((64L << 20) + 1, 2, 1)]
    [InlineData(5L << 40, 1024, 5L << 30)]
    public void MultipartPlan_AnySize_HasPartsThatS3Accepts(long size, int count, long last)
    {
        var plan = MultipartPlan.Of(size, 64 << 20);

        Assert.Equal((count, last), (plan.Count, plan.LengthOf(plan.Count)));
        Assert.Equal(size, Enumerable.Range(1, plan.Count).Sum(plan.LengthOf));
        Assert.InRange(plan.PartSize, 5 << 20, 5L << 30);
    }

    [Fact]
    public void MediaSizesValidator_UnknownKindOrNegativeSize_IsRefused()
    {
        var options = new MediaUploadOptions { MaxSizes = new() { ["films"] = 1, ["video"] = -1 } };

        var result = new MediaSizesValidator().Validate(null, options);

        Assert.True(result.Failed);
        Assert.Equal(2, result.Failures.Count());
        Assert.Equal(ValidateOptionsResult.Success, new MediaSizesValidator().Validate(null, new MediaUploadOptions()));
    }

    private static NewMediaInput WithParts(string kind, int count) => new()
    {
        Name = "Sunset",
        Kind = kind,
        Parts = [.. Enumerable.Repeat(s_part, count)],
    };

    private static FieldFault Refuse(NewMediaInput input)
    {
        Assert.False(NewMediaRules.TryParse(input, new MediaUploadOptions(), out _, out var fault));
        return fault;
    }
}
