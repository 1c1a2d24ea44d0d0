using System.Diagnostics;

namespace MediaAspire.Core.Objects;

/// <summary>The outcome of a write or a deletion.</summary>
public enum ObjectWriteOutcome
{
    Written,

    /// <summary>The bucket does not exist any more.</summary>
    NoSuchBucket,

    /// <summary>
    /// The bucket's row is not the one that the writer has seen. <see cref="ObjectWriter"/> then lets its caller decide again.
    /// </summary>
    BucketChanged,

    /// <summary><see cref="ObjectConditions.IfMatch"/> was given, and the key has no current object.</summary>
    NoSuchKey,

    /// <summary>The current object is not the expected one.</summary>
    PreconditionFailed,

    /// <summary>The version is locked, and must not be deleted.</summary>
    Locked,
}

/// <summary>The names of outcomes in the database.</summary>
internal static class ObjectWriteOutcomes
{
    /// <summary>Parses a result of <c>write_version()</c>, <c>judge_conditions()</c> or <c>delete_object()</c>.</summary>
    public static ObjectWriteOutcome Parse(string? name) => name switch
    {
        "written" or "deleted" => ObjectWriteOutcome.Written,
        "no-such-bucket" => ObjectWriteOutcome.NoSuchBucket,
        "bucket-changed" => ObjectWriteOutcome.BucketChanged,
        "no-such-key" => ObjectWriteOutcome.NoSuchKey,
        "precondition-failed" => ObjectWriteOutcome.PreconditionFailed,
        "locked" => ObjectWriteOutcome.Locked,
        _ => throw new UnreachableException($"The database returned the unknown outcome '{name}'."),
    };
}
