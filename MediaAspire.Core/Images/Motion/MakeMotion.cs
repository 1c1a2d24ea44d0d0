using System.Text.Json.Serialization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Core.Images.Motion;

/// <summary>The job that makes the motion of an animation.</summary>
/// <param name="ImageId">The image.</param>
public sealed record MakeMotion(Guid ImageId)
{
    public static JobKind<MakeMotion> Kind { get; } = new("image-motion", MakeMotionJson.Default.MakeMotion);

    /// <summary>Creates the job; at most one for an image waits.</summary>
    public static NewJob Of(ImageId image, TimeProvider time) => Kind.Create(new(image.Value), time) with
    {
        UniqueKey = $"{image.Value:N}",
        Priority = JobPriority.High,
        MaxAttempts = 3,
    };
}

[JsonSerializable(typeof(MakeMotion))]
internal sealed partial class MakeMotionJson : JsonSerializerContext;
