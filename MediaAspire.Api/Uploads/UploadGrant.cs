using System.Text.Json.Serialization;

namespace MediaAspire.Api.Uploads;

/// <summary>The right that a signed upload address gives, without a key: to create one upload, to append to it, and to cancel it.</summary>
/// <param name="Upload">The id of the upload.</param>
/// <param name="KeyId">The API key that signed it; the right ends with the key.</param>
/// <param name="Owner">The owner of the upload; <see langword="null"/> for none.</param>
/// <param name="Target">What becomes of the bytes: the values of <see cref="UploadFields"/>.</param>
/// <param name="MaxSize">The most bytes; <see langword="null"/> for the server's limit.</param>
/// <param name="ContentType">
/// The media type that the upload must have, such as <c>video/mp4</c> or <c>video/*</c>; <see langword="null"/> for any.
/// </param>
/// <param name="ExpiresAt">The time from which it is not valid, in seconds since 1970.</param>
/// <param name="Part">
/// The number of the only part that it allows to send, with 0 for completing the upload; <see langword="null"/> for a whole upload.
/// </param>
/// <param name="Length">The exact length of the part.</param>
internal sealed record UploadGrant(
    Guid Upload,
    string? KeyId,
    string? Owner,
    IReadOnlyDictionary<string, string> Target,
    long? MaxSize,
    string? ContentType,
    long ExpiresAt,
    int? Part = null,
    long? Length = null);

/// <summary>The form of a grant within its token.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(UploadGrant))]
internal sealed partial class UploadGrantJson : JsonSerializerContext;
