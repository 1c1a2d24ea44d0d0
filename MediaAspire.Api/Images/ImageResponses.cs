using System.Text.Json.Serialization;
using MediaAspire.Core.Images;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Api.Images;

/// <param name="Msg"><c>ok</c>.</param>
/// <param name="Files">The images, in the order of the form.</param>
public sealed record UploadedResponse(
    [property: JsonPropertyName("msg")] string Msg, [property: JsonPropertyName("files")] IReadOnlyList<UploadedFile> Files);

/// <param name="DeleteToken">The secret that allows the deletion of this alias. It is not shown again.</param>
/// <param name="File">The alias.</param>
/// <param name="Details">The properties of the image.</param>
public sealed record UploadedFile(
    [property: JsonPropertyName("delete_token")] string DeleteToken,
    [property: JsonPropertyName("file")] string File,
    [property: JsonPropertyName("details")] ImageDetailsResponse Details);

/// <param name="Width">The width as shown, in pixels.</param>
/// <param name="Height">The height as shown, in pixels.</param>
/// <param name="Frames">The number of frames of an animation or a video.</param>
/// <param name="ContentType">The media type, by the content.</param>
/// <param name="CreatedAt">The time of the first upload of the content.</param>
/// <param name="Format">The format, by the content.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Duration">The playing time of an animation or a video, in seconds.</param>
/// <param name="HasAlpha">The picture has transparent parts.</param>
/// <param name="HasAudio">The video has sound.</param>
/// <param name="VideoCodec">The codec of a video.</param>
/// <param name="ThumbHash">A preview of about 25 bytes, in Base64.</param>
/// <param name="BlurHash">A preview of about 30 characters.</param>
/// <param name="DominantColour">The dominant colour, as <c>#rrggbb</c>.</param>
public sealed record ImageDetailsResponse(
    [property: JsonPropertyName("width")] int Width,
    [property: JsonPropertyName("height")] int Height,
    [property: JsonPropertyName("frames"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Frames,
    [property: JsonPropertyName("content_type")] string ContentType,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("format")] string Format,
    [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("duration"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Duration,
    [property: JsonPropertyName("has_alpha")] bool HasAlpha,
    [property: JsonPropertyName("has_audio")] bool HasAudio,
    [property: JsonPropertyName("video_codec"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? VideoCodec,
    [property: JsonPropertyName("thumb_hash"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ThumbHash,
    [property: JsonPropertyName("blur_hash"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? BlurHash,
    [property: JsonPropertyName("dominant_colour"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DominantColour)
{
    internal static ImageDetailsResponse Of(ImageDetails details, long size, DateTimeOffset createdAt) => new(
        details.Width,
        details.Height,
        details.Frames > 1 ? details.Frames : null,
        ImageFormats.MediaTypeOf(details.Format),
        createdAt,
        ImageDetailsFormat.NameOf(details.Format),
        size,
        details.Duration?.TotalSeconds,
        details.HasAlpha,
        details.HasAudio,
        details.VideoCodec,
        details.ThumbHash,
        details.BlurHash,
        details.DominantColour);

    internal static ImageDetailsResponse Of(StoredImage image) => Of(image.Details, image.Size, image.CreatedAt);
}

/// <param name="Msg"><c>ok</c>.</param>
/// <param name="Uploads">The uploads, in the order of the form. Claim their results by GET /images/backgrounded/claim.</param>
public sealed record BackgroundedResponse(
    [property: JsonPropertyName("msg")] string Msg, [property: JsonPropertyName("uploads")] IReadOnlyList<BackgroundedUpload> Uploads);

/// <param name="UploadId">The id by which the result is claimed, once.</param>
public sealed record BackgroundedUpload([property: JsonPropertyName("upload_id")] Guid UploadId);

/// <param name="Msg"><c>ok</c>.</param>
/// <param name="BlurHash">The preview.</param>
public sealed record BlurHashResponse(
    [property: JsonPropertyName("msg")] string Msg, [property: JsonPropertyName("blurhash")] string BlurHash);

/// <param name="Aliases">The aliases, the newest first.</param>
/// <param name="Next">The value of <c>after</c> for the next page; missing on the last one.</param>
public sealed record AliasListResponse(
    [property: JsonPropertyName("aliases")] IReadOnlyList<ListedAlias> Aliases,
    [property: JsonPropertyName("next"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);

/// <param name="Alias">The alias.</param>
/// <param name="CreatedAt">The time when the alias was made.</param>
/// <param name="Details">The properties of the image.</param>
public sealed record ListedAlias(
    [property: JsonPropertyName("alias")] string Alias,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("details")] ImageDetailsResponse Details);
