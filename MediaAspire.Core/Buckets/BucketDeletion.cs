namespace MediaAspire.Core.Buckets;

/// <summary>How the deletion of a bucket went.</summary>
public enum BucketDeletion
{
    Deleted,

    /// <summary>It has versions, delete markers included, and stays as it is.</summary>
    NotEmpty,

    NotFound,
}
