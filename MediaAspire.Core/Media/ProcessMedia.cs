using System.Text.Json.Serialization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Core.Media;

/// <summary>The job that processes an uploaded item.</summary>
/// <param name="MediaId">The item's id.</param>
public sealed record ProcessMedia(Guid MediaId)
{
    public static JobKind<ProcessMedia> Kind { get; } = new("process-media", ProcessMediaJson.Default.ProcessMedia);

    /// <summary>Makes the job; at most one waits for an item.</summary>
    public static NewJob Of(MediaId item, TimeProvider time) =>
        Kind.Create(new(item.Value), time) with { UniqueKey = $"{item}" };
}

[JsonSerializable(typeof(ProcessMedia))]
internal sealed partial class ProcessMediaJson : JsonSerializerContext;
