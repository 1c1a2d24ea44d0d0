using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Forms;

/// <summary>The length of a file that a policy allows.</summary>
/// <param name="Min">The minimum, in bytes.</param>
/// <param name="Max">The maximum, in bytes, inclusive.</param>
internal readonly record struct ContentLengthRange(long Min, long Max)
{
    public const string Operation = "content-length-range";

    public static ContentLengthRange Any { get; } = new(0, long.MaxValue);

    public ContentLengthRange Within(ContentLengthRange other) => new(Math.Max(Min, other.Min), Math.Min(Max, other.Max));

    /// <summary>Checks a file while it is read, so that the rest of a file that is too long is not received.</summary>
    /// <exception cref="S3Exception">The file is already too long.</exception>
    public void CheckSoFar(long bytes)
    {
        if (bytes > Max)
        {
            throw S3Errors.EntityTooLarge(bytes, Max).ToException();
        }
    }

    /// <exception cref="S3Exception">The file is too short or too long.</exception>
    public void CheckWhole(long bytes)
    {
        CheckSoFar(bytes);
        if (bytes < Min)
        {
            throw S3Errors.EntityTooSmall(bytes, Min).ToException();
        }
    }
}
