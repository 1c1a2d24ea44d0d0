using System.Net;
using System.Text.RegularExpressions;

namespace MediaAspire.Api.S3.Buckets;

/// <summary>Checks the names of buckets: one or more labels of a host name, by the rules of S3.</summary>
internal static partial class BucketNames
{
    public const int MinLength = 3;

    public const int MaxLength = 63;

    // Reserved by S3 for access points and similar resources.
    private static readonly string[] s_prefixes = ["xn--", "sthree-", "amzn-s3-demo-"];

    private static readonly string[] s_suffixes = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

    public static bool IsValid(string name) =>
        name.Length is >= MinLength and <= MaxLength
        && Labels().IsMatch(name)
        && !LooksLikeAddress(name)
        && !s_prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
        && !s_suffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal));

    private static bool LooksLikeAddress(string name) => name.Count(letter => letter == '.') == 3 && IPAddress.TryParse(name, out _);

    // Neither end of a label is a dash, so no dot stands beside one or beside another dot.
    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\z")]
    private static partial Regex Labels();
}
