using MediaAspire.Api.Http;
using MediaAspire.Core.Uploads;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Uploads;

/// <summary>The limits of uploads as the protocols announce them.</summary>
internal sealed class UploadLimits(IOptionsMonitor<UploadSessionOptions> options, TimeProvider time)
{
    /// <summary>Gets the most bytes of any upload.</summary>
    public long MaxSize => options.CurrentValue.MaxLength;

    /// <summary>Creates the value of <c>Upload-Limit</c> for uploads that are still to be created.</summary>
    public string Describe() => Describe(MaxSize);

    /// <summary>Creates the value of <c>Upload-Limit</c> for uploads of at most some bytes.</summary>
    public static string Describe(long most) => StructuredFields.WriteDictionary([new("max-size", most)]);

    /// <summary>Creates the value of <c>Upload-Limit</c> for an upload.</summary>
    public string Describe(UploadSession session)
    {
        var size = new KeyValuePair<string, long>("max-size", Math.Min(session.MaxLength, MaxSize));
        return StructuredFields.WriteDictionary(
            session.ExpiresAt is { } expiry
                ? [size, new("max-age", Math.Max(0, (long)(expiry - time.GetUtcNow()).TotalSeconds))]
                : [size]);
    }
}
