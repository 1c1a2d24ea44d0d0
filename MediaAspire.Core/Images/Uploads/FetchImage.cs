using System.Text.Json.Serialization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Core.Images.Uploads;

/// <summary>The job that fetches the bytes of an upload from an address.</summary>
/// <param name="UploadId">The upload's id.</param>
public sealed record FetchImage(Guid UploadId)
{
    public static JobKind<FetchImage> Kind { get; } = new("image-fetch", FetchImageJson.Default.FetchImage);

    /// <summary>Makes the job; at most one waits for an upload.</summary>
    public static NewJob Of(ImageUploadId upload, TimeProvider time) =>
        Kind.Create(new(upload.Value), time) with { UniqueKey = $"{upload}" };
}

[JsonSerializable(typeof(FetchImage))]
internal sealed partial class FetchImageJson : JsonSerializerContext;
