using MediaAspire.Core.Imaging;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Images;

/// <summary>The formats that a sender asks for by <c>Accept</c>.</summary>
internal static class AcceptedFormats
{
    private const int LongestHeader = 2_000;

    /// <summary>Gets a function that determines whether a format is named. A range such as <c>image/*</c> names none.</summary>
    public static Func<ImageFormat, bool> Of(HttpRequest request)
    {
        var header = request.Headers.Accept.ToString();
        if (header.Length is 0 or > LongestHeader || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var types))
        {
            return static _ => false;
        }

        return format => types.Any(type =>
            type.Quality != 0 && type.MediaType.Equals(ImageFormats.MediaTypeOf(format), StringComparison.OrdinalIgnoreCase));
    }
}
