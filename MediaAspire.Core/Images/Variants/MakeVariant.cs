using System.Text.Json.Serialization;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Core.Images.Variants;

/// <summary>The job that makes a variant.</summary>
/// <param name="WorkId">The work, which says what to make.</param>
public sealed record MakeVariant(Guid WorkId)
{
    private const int MaxAttempts = 3;

    public static JobKind<MakeVariant> Kind { get; } = new("image-variant", MakeVariantJson.Default.MakeVariant);

    /// <summary>Creates the job; at most one of a priority waits for a work.</summary>
    public static NewJob Of(Guid work, bool isUrgent, TimeProvider time) => Kind.Create(new(work), time) with
    {
        // A job that waits at the low priority does not keep an urgent one out.
        UniqueKey = isUrgent ? $"{work:N}" : $"{work:N}/ahead",
        Priority = isUrgent ? JobPriority.High : JobPriority.Low,
        MaxAttempts = MaxAttempts,
    };
}

[JsonSerializable(typeof(MakeVariant))]
internal sealed partial class MakeVariantJson : JsonSerializerContext;
