using System.Text.Json.Serialization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>The job that hashes a part whose checksum the object store does not tell.</summary>
/// <param name="MediaId">The item's id.</param>
/// <param name="Part">The part's number.</param>
public sealed record VerifyMedia(Guid MediaId, int Part)
{
    public static JobKind<VerifyMedia> Kind { get; } = new("verify-media", VerifyMediaJson.Default.VerifyMedia);

    /// <summary>Makes the job; at most one waits for a part.</summary>
    public static NewJob Of(MediaId item, int part, TimeProvider time) =>
        Kind.Create(new(item.Value, part), time) with { UniqueKey = $"{item}/{part}" };
}

[JsonSerializable(typeof(VerifyMedia))]
internal sealed partial class VerifyMediaJson : JsonSerializerContext;
