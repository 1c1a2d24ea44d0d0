using System.Xml.Linq;
using MediaAspire.Api.S3.Multipart;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Multipart;

namespace MediaAspire.Tests.Api.S3.Multipart;

public sealed class CompletedPartListTests
{
    private const string Old = "0cc175b9c0f1b6a831c399e269772661";
    private const string New = "92eb5ffee6ae2fec3ad71c777531578f";

    [Fact]
    public void Choose_PartNamedTwice_TakesTheLastEntry()
    {
        var uploaded = new[] { Part(1, New), Part(2, Old) };

        var chosen = Read((1, Old), (1, New), (2, Old)).Choose(uploaded, minPartSize: 1, wanted: null);

        Assert.Equal([(1, 0L), (2, 8L)], chosen.Parts.Select(part => (part.Number, part.Offset)));
        Assert.Equal([uploaded[0].File, uploaded[1].File], chosen.Parts.Select(part => part.File));
    }

    [Fact]
    public void Choose_LastEntryOfPartNamesAnother_IsRefused()
    {
        var refused = Assert.Throws<S3Exception>(() => Read((1, New), (1, Old)).Choose([Part(1, New)], minPartSize: 1, wanted: null));

        Assert.Equal("InvalidPart", refused.Error.Code);
    }

    [Fact]
    public void Read_PartsDescend_IsRefused()
    {
        var refused = Assert.Throws<S3Exception>(() => Read((1, Old), (3, Old), (2, Old)));

        Assert.Equal("InvalidPartOrder", refused.Error.Code);
    }

    private static CompletedPartList Read(params (int Number, string ETag)[] parts) => CompletedPartList.Read(new(
        "CompleteMultipartUpload",
        parts.Select(part => new XElement("Part", new XElement("PartNumber", part.Number), new XElement("ETag", $"\"{part.ETag}\"")))));

    private static UploadedPart Part(int number, string etag) =>
        new(number, FileId.New(TimeProvider.System), Size: 8, etag, Checksum: null, DateTimeOffset.UnixEpoch);
}
