using MediaAspire.Core.Images.Variants;

namespace MediaAspire.Core.Images.Imgproxy;

/// <summary>A request in imgproxy's form.</summary>
/// <param name="Source">The alias of a picture, or an address that begins with <c>http://</c> or <c>https://</c>.</param>
/// <param name="Wish">The variant.</param>
public sealed record ImgproxyRequest(string Source, VariantWish Wish)
{
    /// <summary>Gets the time from which the address is not valid; <see langword="null"/> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Gets the name that a browser saves the response by; <see langword="null"/> for none.</summary>
    public string? Filename { get; init; }

    /// <summary>Gets a value indicating whether a browser saves the response instead of showing it.</summary>
    public bool IsAttachment { get; init; }

    /// <summary>Gets a value indicating whether the source itself is wanted.</summary>
    public bool IsRaw { get; init; }
}
