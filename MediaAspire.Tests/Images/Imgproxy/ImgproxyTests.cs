using MediaAspire.Core.Images.Imgproxy;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Images.Imgproxy;

public sealed class ImgproxyTests
{
    private const string Vector = "/rs:fill:300:400:0/g:sm/aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/anBn.png";
    private const string VectorSignature = "oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8";

    private static readonly ImageDetails s_source = new() { Format = ImageFormat.Tiff, Width = 9999, Height = 9999, HasAlpha = true };

    private WrongClock _time = new();

    [Fact]
    public void The_published_vector_is_signed_and_verified_as_published()
    {
        var signatures = Signatures(("736563726574", "68656C6C6F"));

        Assert.Equal(VectorSignature, signatures.Sign(Vector));
        Assert.True(signatures.IsValid(VectorSignature, Vector));
        Assert.False(signatures.IsValid(VectorSignature, Vector.Replace("300", "301", StringComparison.Ordinal)));
        Assert.False(signatures.IsValid(VectorSignature[..^1] + "9", Vector));
        Assert.False(signatures.IsValid("", Vector));
        Assert.False(signatures.IsValid("insecure", Vector));
    }

    [Fact]
    public void The_published_vector_names_its_source_and_format()
    {
        var request = Read(Vector);

        Assert.Equal("http://example.com/images/curiosity.jpg", request.Source);
        Assert.Equal("fill=300x400@smart.png", KeyOf(request));
    }

    [Fact]
    public void A_signature_by_any_pair_of_key_and_salt_is_valid()
    {
        var old = Signatures(("aa", "bb"));
        var rotating = Signatures(("cc", "dd"), ("aa", "bb"));

        Assert.True(rotating.IsValid(old.Sign("/a/plain/b"), "/a/plain/b"));
        Assert.True(rotating.IsValid(rotating.Sign("/a/plain/b"), "/a/plain/b"));
        Assert.False(Signatures(("cc", "dd")).IsValid(old.Sign("/a/plain/b"), "/a/plain/b"));
        Assert.False(Signatures().HasKeys);
    }

    [Theory]
    [InlineData("sig/rs:fill:300:200/plain/http://example.com/image.jpg", "/rs:fill:300:200/plain/http://example.com/image.jpg")]
    [InlineData("/sig/rs%3Afill%3A300%3A200/plain/https:/example.com/image.jpg", "/rs:fill:300:200/plain/https://example.com/image.jpg")]
    [InlineData("sig/rs%3Afill%3A300%3A200/abc/abc", "/rs:fill:300:200/abc/abc")]
    [InlineData("sig/plain/local:/image.jpg", "/plain/local:///image.jpg")]
    [InlineData("sig/plain/local:///image.jpg", "/plain/local:///image.jpg")]
    [InlineData("sig/plain/example.com/image.jpg", "/plain/example.com/image.jpg")]
    public void Split_AddressThatAProxyChanged_RestoresIt(string raw, string path)
    {
        var split = ImgproxyPath.Split(raw);

        Assert.Equal(path, split?.Path);
        Assert.Equal("sig", split?.Signature);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("signature_only")]
    [InlineData("signature_only/")]
    public void Split_NoAddress_GivesNothing(string raw) => Assert.Null(ImgproxyPath.Split(raw));

    [Theory]
    [InlineData("/plain/cat.jpg", "identity.png")]
    [InlineData("/plain/local:///cat.jpg@webp", "identity.webp")]
    [InlineData("/w:300/plain/cat.jpg@webp", "fit=300x.webp")]
    [InlineData("/s:300:200/plain/cat.jpg@webp", "fit=300x200.webp")]
    [InlineData("/rs:fill:300:200:1/g:no/plain/cat.jpg@webp", "fill=300x200@0.5,0:enlarge.webp")]
    [InlineData("/rs::300:200/rt:force/plain/cat.jpg@webp", "force=300x200.webp")]
    [InlineData("/resize:fill:300:0/plain/cat.jpg@webp", "fit=300x.webp")]
    [InlineData("/h:50/dpr:2/plain/cat.jpg@webp", "fit=x100.webp")]
    [InlineData("/g:fp:0.1:0.9/rs:fill:10:10/plain/cat.jpg@webp", "fill=10x10@0.1,0.9.webp")]
    [InlineData("/c:100:200:soea/plain/cat.jpg@webp", "cut=100x200@1,1.webp")]
    [InlineData("/g:we/c:100:0/plain/cat.jpg@webp", "cut=100x10000@0,0.5.webp")]
    [InlineData("/pd:10:20/plain/cat.jpg@webp", "pad=10,20,10,20.webp")]
    [InlineData("/pd:5:::1/dpr:2/plain/cat.jpg@webp", "pad=10,10,10,2.webp")]
    [InlineData("/bg:255:0:128/plain/cat.jpg@webp", "flatten=ff0080.webp")]
    [InlineData("/bg:f0a/plain/cat.jpg@webp", "flatten=ff00aa.webp")]
    [InlineData("/rot:-90/fl:1/plain/cat.jpg@webp", "rotate=270/flip=h.webp")]
    [InlineData("/sh:0.7/bl:2.5/plain/cat.jpg@webp", "blur=2.5/sharpen=0.7.webp")]
    [InlineData("/bl:0/rot:360/fl:0:0/plain/cat.jpg@webp", "identity.webp")]
    [InlineData("/q:83/plain/cat.jpg@webp", "quality=85.webp")]
    [InlineData("/q:0/fq:webp:60:avif:40/plain/cat.jpg@webp", "quality=60.webp")]
    [InlineData("/fq:avif:40/plain/cat.jpg@webp", "identity.webp")]
    [InlineData("/f:avif/plain/cat.jpg", "identity.avif")]
    [InlineData("/sm:1/ar:1/scp:true/kcr:0/eth:f/ex:0/cb:42/el:0/plain/cat.jpg@gif", "identity.gif")]
    [InlineData("/w:300/Y2F0LmpwZw", "fit=300x.png")]
    [InlineData("/w:300/Y2F0/LmpwZw==.webp", "fit=300x.webp")]
    public void Read_Options_MeanOurOperations(string path, string key)
    {
        var request = Read(path);

        Assert.Equal("cat.jpg", request.Source);
        Assert.Equal(key, KeyOf(request));
    }

    [Theory]
    [InlineData("/w:300:5/plain/cat.jpg", "imgproxy-option-invalid", VariantFaultKind.Invalid)]
    [InlineData("/w:-1/plain/cat.jpg", "imgproxy-option-invalid", VariantFaultKind.Invalid)]
    [InlineData("/rs:crop:1:1/plain/cat.jpg", "imgproxy-option-invalid", VariantFaultKind.Invalid)]
    [InlineData("/g:xx/plain/cat.jpg", "imgproxy-option-invalid", VariantFaultKind.Invalid)]
    [InlineData("/rot:45/plain/cat.jpg", "imgproxy-option-invalid", VariantFaultKind.Invalid)]
    [InlineData("/dpr:9/plain/cat.jpg", "imgproxy-option-invalid", VariantFaultKind.Invalid)]
    [InlineData("/dpr:0/plain/cat.jpg", "imgproxy-option-invalid", VariantFaultKind.Invalid)]
    [InlineData("/w:6000/dpr:2/plain/cat.jpg", "imgproxy-option-invalid", VariantFaultKind.Invalid)]
    [InlineData("/bl:1000/plain/cat.jpg", "imgproxy-option-invalid", VariantFaultKind.Invalid)]
    [InlineData("/q:101/plain/cat.jpg", "imgproxy-option-invalid", VariantFaultKind.Invalid)]
    [InlineData("/fq:webp/plain/cat.jpg", "imgproxy-option-invalid", VariantFaultKind.Invalid)]
    [InlineData("/exp:soon/plain/cat.jpg", "imgproxy-option-invalid", VariantFaultKind.Invalid)]
    [InlineData("/plain/cat.jpg@svg", "imgproxy-option-invalid", VariantFaultKind.Invalid)]
    [InlineData("/pr:none/plain/cat.jpg", "preset-unknown", VariantFaultKind.Invalid)]
    [InlineData("/nonsense:1/plain/cat.jpg", "imgproxy-option-unknown", VariantFaultKind.Invalid)]
    [InlineData("/rs:auto:1:1/plain/cat.jpg", "imgproxy-option-unsupported", VariantFaultKind.Unprocessable)]
    [InlineData("/ex:1/plain/cat.jpg", "imgproxy-option-unsupported", VariantFaultKind.Unprocessable)]
    [InlineData("/t:10/plain/cat.jpg", "imgproxy-option-unsupported", VariantFaultKind.Unprocessable)]
    [InlineData("/wm:0.5/plain/cat.jpg", "imgproxy-option-unsupported", VariantFaultKind.Unprocessable)]
    [InlineData("/ar:0/plain/cat.jpg", "imgproxy-option-unsupported", VariantFaultKind.Unprocessable)]
    [InlineData("/sm:0/plain/cat.jpg", "imgproxy-option-unsupported", VariantFaultKind.Unprocessable)]
    [InlineData("/g:no:5/plain/cat.jpg", "imgproxy-option-unsupported", VariantFaultKind.Unprocessable)]
    [InlineData("/c:0.5:0.5/plain/cat.jpg", "imgproxy-option-unsupported", VariantFaultKind.Unprocessable)]
    [InlineData("/rs:force:100/plain/cat.jpg", "imgproxy-option-unsupported", VariantFaultKind.Unprocessable)]
    [InlineData("/plain/a@b@c", "imgproxy-path-invalid", VariantFaultKind.NotFound)]
    [InlineData("/w:1", "imgproxy-path-invalid", VariantFaultKind.NotFound)]
    [InlineData("/w:1/%%%", "imgproxy-path-invalid", VariantFaultKind.NotFound)]
    [InlineData("/exp:1/plain/cat.jpg", "imgproxy-url-expired", VariantFaultKind.NotFound)]
    public void Read_AnythingElse_IsAFaultWithACode(string path, string code, VariantFaultKind kind)
    {
        var fault = Parser().Read(new ImgproxyPath("sig", path), out var request);

        Assert.Equal((code, kind), (fault?.Code, fault!.Kind));
        Assert.Null(request);
    }

    [Fact]
    public void Read_Expiry_IsOfTheAddress()
    {
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(_time.GetUtcNow().ToUnixTimeSeconds() + 60);
        var path = new ImgproxyPath("sig", $"/exp:{expiresAt.ToUnixTimeSeconds()}/fn:kitten/att:1/raw:1/plain/cat.jpg");

        Assert.Null(Parser().Read(path, out var request));
        Assert.Equal((expiresAt, "kitten", true, true), (request!.ExpiresAt, request.Filename, request.IsAttachment, request.IsRaw));

        _time = new(TimeSpan.FromMinutes(1));
        Assert.Equal("imgproxy-url-expired", Parser().Read(path, out _)?.Code);
    }

    [Fact]
    public void Read_Presets_ApplyInTheirPlace_AndTheDefaultToAll()
    {
        var options = new ImgproxyOptions();
        options.Presets["default"] = "q:50";
        options.Presets["small"] = "rs:fill:300:300/pr:soft";
        options.Presets["soft"] = "bl:1";

        Assert.Equal("fill=300x200/blur=1/quality=50.webp", KeyOf(Read("/pr:small/h:200/plain/cat.jpg@webp", options)));
        Assert.True(Read("/pr:small/plain/cat.jpg@webp", options).Wish.IsOfPresets);
        Assert.True(Read("/plain/cat.jpg@webp", options).Wish.IsOfPresets);
        Assert.False(Read("/pr:small/h:200/plain/cat.jpg@webp", options).Wish.IsOfPresets);
    }

    [Fact]
    public void Read_OnlyPresets_TakesNoOptions()
    {
        var options = new ImgproxyOptions { OnlyPresets = true };
        options.Presets["small"] = "rs:fill:300:300";
        options.Presets["soft"] = "bl:1";

        Assert.Equal("fill=300x300/blur=1.webp", KeyOf(Read("/small:soft/plain/cat.jpg@webp", options)));
        Assert.Equal("preset-unknown", Parser(options).Read(new("sig", "/w:300/plain/cat.jpg"), out _)?.Code);
    }

    [Fact]
    public void Validate_BadSettings_AreRefused()
    {
        var options = new ImgproxyOptions();
        options.Keys.Add(new ImgproxyKey { Key = "xyz", Salt = "aa" });
        options.Presets["endless"] = "pr:endless";
        options.Presets["broken"] = "w:many";

        Assert.Equal(3, new ImgproxyOptionsRules().Validate(null, options).Failures!.Count());
    }

    private static string KeyOf(ImgproxyRequest request) => VariantKey.Write(request.Wish.For(s_source, _ => false));

    private ImgproxyRequest Read(string path, ImgproxyOptions? options = null)
    {
        var fault = Parser(options).Read(new ImgproxyPath("sig", path), out var request);
        Assert.True(fault is null, fault?.Message);
        return request!;
    }

    private ImgproxyParser Parser(ImgproxyOptions? options = null) => new(Options.Create(options ?? new()), _time);

    private static ImgproxySignatures Signatures(params (string Key, string Salt)[] pairs)
    {
        var options = new ImgproxyOptions();
        foreach (var (key, salt) in pairs)
        {
            options.Keys.Add(new ImgproxyKey { Key = key, Salt = salt });
        }

        return new ImgproxySignatures(Options.Create(options));
    }
}
