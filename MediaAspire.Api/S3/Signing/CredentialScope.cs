using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MediaAspire.Api.S3.Signing;

/// <summary>The scope of a credential: the key, the day and the region, as in <c>AKIA…/20130524/us-east-1/s3/aws4_request</c>.</summary>
/// <param name="AccessKeyId">The key that the client names.</param>
/// <param name="Date">The day, <c>yyyyMMdd</c>.</param>
/// <param name="Region">The region that the client names.</param>
internal sealed record CredentialScope(string AccessKeyId, string Date, string Region)
{
    /// <summary>Gets the scope in strings to sign, without the key.</summary>
    public string Text => $"{Date}/{Region}/{SigV4.Service}/{SigV4.Terminal}";

    /// <param name="text">The credential as it was sent.</param>
    /// <param name="scope">Set when the result is <see langword="true"/>.</param>
    /// <param name="fault">The message of S3 when the result is <see langword="false"/>.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out CredentialScope? scope, [NotNullWhen(false)] out string? fault)
    {
        scope = null;
        fault = null;

        // From the end: the ids that an operator chooses may contain slashes.
        var parts = text.Split('/');
        var id = parts.Length < 5 ? "" : string.Join('/', parts[..^4]);
        if (id.Length == 0)
        {
            fault = "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".";
        }
        else if (parts[^2] != SigV4.Service)
        {
            fault = $"incorrect service \"{parts[^2]}\". This endpoint belongs to \"{SigV4.Service}\".";
        }
        else if (parts[^1] != SigV4.Terminal)
        {
            fault = $"incorrect terminal \"{parts[^1]}\". This endpoint uses \"{SigV4.Terminal}\".";
        }
        else if (!DateOnly.TryParseExact(parts[^4], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            fault = $"incorrect date format \"{parts[^4]}\". This date in the credential must be in the format \"yyyyMMdd\".";
        }
        else
        {
            scope = new CredentialScope(id, parts[^4], parts[^3]);
        }

        return scope is not null;
    }
}
