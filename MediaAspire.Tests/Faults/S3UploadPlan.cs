using System.Globalization;

namespace MediaAspire.Tests.Faults;

/// <summary>One upload through S3, drawn from random numbers.</summary>
/// <param name="Size">Bytes of the object.</param>
/// <param name="Overwrites">True to replace an existing object, if one exists.</param>
/// <param name="Parts">The number of parts; 0 for a single put.</param>
/// <param name="TellsMd5">True to send <c>Content-MD5</c>, with every part.</param>
/// <param name="HasWrongMd5">True to send a wrong one first; a part is then sent again.</param>
/// <param name="TruncatedPart">The part, from 1, that is first truncated and then sent again; 0 to truncate no part.</param>
/// <param name="Sent">The bytes of a single put that are sent before the client disconnects; all of them when it stays.</param>
/// <param name="IsAborted">True to abort a multipart upload after its last part.</param>
internal sealed record S3UploadPlan(
    int Size, bool Overwrites, int Parts, bool TellsMd5, bool HasWrongMd5, int TruncatedPart, int Sent, bool IsAborted)
{
    /// <summary>The smallest size of a part but the last one, in bytes, also in the graph's settings.</summary>
    public const int MinPartBytes = 64 * 1024;

    private const int MostParts = 8;

    public bool IsTruncated => Sent < Size;

    public static S3UploadPlan Draw(Random random, int maxSize)
    {
        var isEmpty = random.Next(50) == 0;
        var size = isEmpty ? 0 : (int)Math.Exp(random.NextDouble() * Math.Log(maxSize));
        var overwrites = random.Next(2) == 0;
        var wantsParts = random.Next(2) == 0;
        var parts = random.Next(1, MostParts + 1);
        var tellsMd5 = random.Next(2) == 0;
        var hasWrongMd5 = tellsMd5 && random.Next(6) == 0;
        var isTruncated = random.Next(10) == 0;
        var truncatedPart = random.Next(1, MostParts + 1);
        var part = random.NextDouble();
        var isAborted = random.Next(8) == 0;

        parts = wantsParts ? Math.Min(parts, size / MinPartBytes) : 0;
        return new(
            size, overwrites, parts, tellsMd5, hasWrongMd5, parts > 0 && isTruncated ? Math.Min(truncatedPart, parts) : 0,
            parts == 0 && isTruncated ? (int)(part * size) : size, parts > 0 && isAborted);
    }

    /// <summary>Gets a part's offset in the object and its length. All but the last are of one length.</summary>
    /// <param name="number">The part's number, from 1.</param>
    public (int Offset, int Length) PartAt(int number)
    {
        var length = Size / Parts;
        var offset = (number - 1) * length;
        return (offset, number == Parts ? Size - offset : length);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(Parts > 0 ? $"in {Parts} parts" : "at once")}{(HasWrongMd5 ? " with a wrong MD5" : "")}"
        + $"{(IsTruncated ? $" truncated after {Sent}" : "")}"
        + $"{(TruncatedPart > 0 ? $" with part {TruncatedPart} truncated at first" : "")}{(IsAborted ? " aborted" : "")}");
}
