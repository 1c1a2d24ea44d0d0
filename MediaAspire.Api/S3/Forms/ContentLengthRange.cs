using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Forms;

/// <summary>How long a policy lets a file be.</summary>
/// <param name="Min">Bytes, from 0.</param>
/// <param name="Max">Bytes, included.</param>
internal readonly record struct ContentLengthRange(long Min, long Max)
{
    public const string Operation = "content-length-range";

    public static ContentLengthRange Any { get; } = new(0, long.MaxValue);

    public ContentLengthRange Within(ContentLengthRange other) => new(Math.Max(Min, other.Min), Math.Min(Max, other.Max));

    /// <summary>Checks a file while it comes, so that one too long is not received to its end.</summary>
    /// <exception cref="S3Exception">It is too long already.</exception>
    public void CheckSoFar(long bytes)
    {
        if (bytes > Max)
        {
            throw S3Errors.EntityTooLarge(bytes, Max).ToException();
        }
    }

    /// <exception cref="S3Exception">It is too short or too long.</exception>
    public void CheckWhole(long bytes)
    {
        CheckSoFar(bytes);
        if (bytes < Min)
        {
            throw S3Errors.EntityTooSmall(bytes, Min).ToException();
        }
    }
}
