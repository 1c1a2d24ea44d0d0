using MediaAspire.Core.Uploads;

namespace MediaAspire.Api.Uploads;

/// <summary>The facts of the request that created an upload, which the metadata of its record keep.</summary>
internal static class UploadMemory
{
    // No field has such a name.
    private const string TusMetadata = "tus:metadata";
    private const string TusConcat = "tus:concat";

    /// <summary>Creates the metadata of a record.</summary>
    public static IReadOnlyDictionary<string, string> Of(UploadFields fields, string? tusMetadata = null, string? tusConcat = null)
    {
        var kept = fields.Values.ToDictionary(field => field.Key, field => field.Value);
        if (!string.IsNullOrEmpty(tusMetadata))
        {
            kept[TusMetadata] = tusMetadata;
        }

        if (tusConcat is not null)
        {
            kept[TusConcat] = tusConcat;
        }

        return kept;
    }

    /// <summary>Gets <c>Upload-Metadata</c> as the client sent it; <see langword="null"/> when it sent none.</summary>
    public static string? TusMetadataOf(UploadSession session) => session.Metadata.GetValueOrDefault(TusMetadata);

    /// <summary>Gets <c>Upload-Concat</c> as the client sent it; <see langword="null"/> when it sent none.</summary>
    public static string? TusConcatOf(UploadSession session) => session.Metadata.GetValueOrDefault(TusConcat);

    public static IReadOnlyDictionary<string, string> FieldsOf(UploadSession session) => session.Metadata
        .Where(field => !field.Key.StartsWith("tus:", StringComparison.Ordinal)).ToDictionary(field => field.Key, field => field.Value);

    /// <summary>Gets the path of the object that an upload has become, below the address of the S3 API.</summary>
    public static string ObjectAddressOf(UploadSession session) =>
        "/" + session.Metadata.GetValueOrDefault(UploadFields.Names.Bucket) + "/"
        + string.Join('/', (session.Target as ObjectTarget)?.Key.Split('/').Select(Uri.EscapeDataString) ?? []);
}
