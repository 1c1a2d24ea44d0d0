using MediaAspire.Core.ObjectStore;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>Finishes the uploads of objects that a store has reported. Late, repeated and unknown reports are harmless.</summary>
public sealed class ReportUploads(IUploadFinisher finisher, IObjectStore store)
{
    /// <summary>Finishes the uploads, one after the other.</summary>
    /// <param name="objects">The reports, from an untrusted sender.</param>
    /// <param name="cancellationToken">Ends the call; uploads that were finished before stay finished.</param>
    /// <returns>The outcomes in the order of the reports; <see langword="null"/> for an object of another bucket.</returns>
    /// <remarks>Throws when the store or the database does not answer, so that the reports are sent again.</remarks>
    public async Task<IReadOnlyList<FinishOutcome?>> RunAsync(
        IReadOnlyList<ReportedObject> objects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(objects);

        var outcomes = new List<FinishOutcome?>(objects.Count);
        foreach (var reported in objects)
        {
            outcomes.Add(reported.Bucket is { } bucket && bucket != store.Bucket
                ? null
                : await finisher.FinishAsync(reported.Key, cancellationToken));
        }

        return outcomes;
    }
}

/// <summary>An object that a store has received.</summary>
/// <param name="Bucket">The bucket; <see langword="null"/> for the platform's.</param>
/// <param name="Key">The key.</param>
public sealed record ReportedObject(string? Bucket, string Key);
