using System.Text;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Objects;
using Microsoft.AspNetCore.WebUtilities;

namespace MediaAspire.Api.S3.Listing;

/// <summary>The positions at which listings continue, in an opaque form.</summary>
internal static class ContinuationToken
{
    private const byte Key = (byte)'k';
    private const byte Prefix = (byte)'p';

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Write(ListingPosition position) =>
        WebEncoders.Base64UrlEncode([position.IsPrefix ? Prefix : Key, .. Encoding.UTF8.GetBytes(position.Text)]);

    /// <exception cref="S3Exception">The token was not created by <see cref="Write"/>.</exception>
    public static ListingPosition Read(string token)
    {
        try
        {
            if (WebEncoders.Base64UrlDecode(token) is [Key or Prefix, _, ..] bytes)
            {
                return new(s_strict.GetString(bytes, 1, bytes.Length - 1), bytes[0] == Prefix);
            }
        }
        catch (Exception failure) when (failure is FormatException or DecoderFallbackException)
        {
            throw Incorrect(token, failure);
        }

        throw Incorrect(token, failure: null);
    }

    private static S3Exception Incorrect(string token, Exception? failure) =>
        new(S3Errors.InvalidArgument("continuation-token", token, "The continuation token provided is incorrect"), failure);
}
