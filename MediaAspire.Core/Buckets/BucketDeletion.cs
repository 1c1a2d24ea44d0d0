namespace MediaAspire.Core.Buckets;

/// <summary>The outcome of deleting a bucket.</summary>
public enum BucketDeletion
{
    Deleted,

    /// <summary>It has versions, delete markers included, and stays as it is.</summary>
    NotEmpty,

    NotFound,
}
