using System.Text;
using MediaAspire.Core.ContentTypes;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Processing;

namespace MediaAspire.Tests.Media.Processing;

public sealed class ContentPolicyTests
{
    private const string Png = "\x89PNG\r\n\x1a\n";
    private const string Jpeg = "\xff\xd8\xff\xe0";
    private const string Program = "MZ\x90";
    private const string Page = "<html><script>alert(1)</script>";
    private const string Unknown = "\x01\x02\x03";

    [Theory]
    [InlineData("image/png", Png, true)]
    [InlineData("IMAGE/PNG; q=1", Png, true)]
    [InlineData("image/png", Jpeg, false)]
    [InlineData("image/png", Unknown, false)]
    [InlineData("image/x-rare", Unknown, null)]
    [InlineData("application/octet-stream", Program, true)]
    [InlineData("application/octet-stream", Unknown, null)]
    [InlineData("text/csv", "a,b\n1,2\n", true)]
    [InlineData("application/json", "{}", true)]
    [InlineData("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK\x03\x04", true)]
    [InlineData("audio/mp4", "\0\0\0\x18" + "ftypisom\0\0\0\0", true)]
    [InlineData("video/mp4", Page, false)]
    [InlineData("text/plain", Page, true)]
    public void Matches_DeclaredAndDetectedType(string declared, string content, bool? expected) =>
        Assert.Equal(expected, ContentPolicy.Matches(declared, Detect(content)));

    [Theory]

    // Whatever the kind, a program or a page does not hide under another type.
    [InlineData(MediaKind.Simple, "image/png", Program)]
    [InlineData(MediaKind.Simple, "image/png", Page)]
    [InlineData(MediaKind.Image, "image/svg+xml", Page)]
    [InlineData(MediaKind.Model, "model/obj", "#!/bin/sh\n")]
    [InlineData(MediaKind.Video, "video/mp4", Page)]

    // A kind has content of its own.
    [InlineData(MediaKind.Image, "image/png", "just a text")]
    [InlineData(MediaKind.Image, "image/png", Unknown)]
    [InlineData(MediaKind.Image, "application/octet-stream", Unknown)]
    [InlineData(MediaKind.PanoCubemap, "image/png", "%PDF-1.7")]
    [InlineData(MediaKind.Pdf, "application/pdf", Png)]
    [InlineData(MediaKind.Pdf, "application/pdf", Unknown)]
    [InlineData(MediaKind.Zip, "application/zip", Unknown)]
    [InlineData(MediaKind.Pkpass, "application/vnd.apple.pkpass", "not a zip")]
    [InlineData(MediaKind.Text, "text/plain", Png)]
    [InlineData(MediaKind.Video, "video/mp4", "PK\x03\x04")]
    public void Refuse_ContentOfAnotherSort_ReturnsTheReason(MediaKind kind, string declared, string content) =>
        Assert.NotNull(ContentPolicy.Refuse(kind, PartOf(declared), Detect(content)));

    [Theory]
    [InlineData(MediaKind.Image, "image/png", Png)]
    [InlineData(MediaKind.Image, "image/png", Jpeg)]
    [InlineData(MediaKind.Image, "image/x-rare", Unknown)]
    [InlineData(MediaKind.Background, "image/webp", "RIFF\0\0\0\0WEBP")]
    [InlineData(MediaKind.Simple, "image/png", Jpeg)]
    [InlineData(MediaKind.Simple, "image/png", Unknown)]
    [InlineData(MediaKind.Simple, "application/octet-stream", Program)]
    [InlineData(MediaKind.Simple, "text/html", Page)]
    [InlineData(MediaKind.Text, "text/html", Page)]
    [InlineData(MediaKind.Pkpass, "application/vnd.apple.pkpass", "PK\x03\x04")]
    [InlineData(MediaKind.Video, "text/vtt", "WEBVTT\n")]
    [InlineData(MediaKind.GlbExtended, "model/gltf-binary", "glTF\x02\0\0\0")]
    [InlineData(MediaKind.Model, "model/vnd.rare", Unknown)]
    public void Refuse_ContentOfTheKind_ReturnsNull(MediaKind kind, string declared, string content) =>
        Assert.Null(ContentPolicy.Refuse(kind, PartOf(declared), Detect(content)));

    private static DetectedType? Detect(string content) => TypeDetector.Detect(Encoding.Latin1.GetBytes(content));

    private static MediaPart PartOf(string declared) =>
        NewMedia.PartOf(MediaId.New(TimeProvider.System), 1, "x") with { ContentType = declared };
}
