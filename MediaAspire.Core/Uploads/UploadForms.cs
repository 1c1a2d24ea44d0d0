namespace MediaAspire.Core.Uploads;

/// <summary>The forms in which bytes of uploads arrive. They are part of the contract with clients and operators.</summary>
public static class UploadForms
{
    /// <summary>In their order, at an offset.</summary>
    public const string InOrder = "in-order";

    /// <summary>As parts in any order.</summary>
    public const string Parts = "parts";

    /// <summary>As parts by S3's protocol.</summary>
    public const string S3 = "s3";

    /// <summary>Gets the form of an upload.</summary>
    public static string Of(UploadSession upload)
    {
        ArgumentNullException.ThrowIfNull(upload);

        return upload.IsS3 ? S3 : upload.PartSize is null ? InOrder : Parts;
    }
}
