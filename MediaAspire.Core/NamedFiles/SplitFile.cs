using System.Text.Json.Serialization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Core.NamedFiles;

/// <summary>The job that splits a staged value over the storage nodes.</summary>
/// <param name="Version">The version of the named file, which is the staged value's id.</param>
public sealed record SplitFile(Guid Version)
{
    public static JobKind<SplitFile> Kind { get; } = new("split-file", SplitFileJson.Default.SplitFile);

    /// <summary>Makes the job; at most one waits for a version.</summary>
    public static NewJob Of(StagingId version, TimeProvider time) =>
        Kind.Create(new(version.Value), time) with { UniqueKey = $"{version}" };
}

[JsonSerializable(typeof(SplitFile))]
internal sealed partial class SplitFileJson : JsonSerializerContext;
