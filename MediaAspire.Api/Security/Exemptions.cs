namespace MediaAspire.Api.Security;

/// <summary>The endpoints that answer without a key. A test compares every endpoint of the API with this list.</summary>
/// <remarks>The S3 port authenticates by itself; S3Operation says which operations do not.</remarks>
internal static class Exemptions
{
    /// <summary>Gets the route patterns.</summary>
    public static IReadOnlyList<string> Routes { get; } =
    [
        // Load balancers and orchestrators probe them. Without a key they give the status word only.
        "/alive",
        "/health",

        // The static files of the console, which say nothing about the cluster.
        "/console/{**path}",

        // The parts of the reference's page, which Scalar's package marks as public: they say nothing about this cluster. The page itself
        // and the document need a key.
        "/scalar/favicon.svg",
        "/scalar/scalar.aspnetcore.js",
        "/scalar/scalar.js",
    ];

    /// <summary>Gets the route patterns that sign a browser in: they check the key and the session themselves.</summary>
    public static IReadOnlyList<string> SignIns { get; } = ["/console/openid", "/console/session"];

    /// <summary>Gets the route patterns whose path contains a secret, which is the right: links to shared media.</summary>
    public static IReadOnlyList<string> SecretPaths { get; } = ["/shares/{token}"];

    /// <summary>
    /// Gets the route patterns that have <see cref="Policies.MediaReadOrPublic"/>. They are the addresses of public media, which anyone may
    /// read: they answer 401 without a key when the item is private.
    /// </summary>
    public static IReadOnlyList<string> PublicReads { get; } =
    [
        "/media/{id}",
        "/media/{id}/download",
        "/media/{id}/links",
        "/media/{id}/poster",
        "/media/{id}/process.{ext}",
        "/media/by-alias/{owner}/{alias}",
    ];

    /// <summary>
    /// Gets the route patterns that have <see cref="Policies.ImagesReadOrPublic"/>. They are the addresses of images, which pages embed:
    /// anyone may read where <c>Images:PublicReads</c> is set, or where the address is signed. They answer 401 otherwise.
    /// </summary>
    public static IReadOnlyList<string> ImageReads { get; } =
    [
        "/images/{alias}",
        "/images/{alias}/blurhash",
        "/images/{alias}/details",
        "/images/{alias}/motion",
        "/images/{alias}/process.{ext}",
        "/images/imgproxy/{**path}",
    ];

    /// <summary>
    /// Gets the route patterns that have <see cref="Policies.ImagesWriteOrToken"/>: the delete token is the right, as the uploader has it,
    /// who need not have a key. They answer 401 without a token and a key.
    /// </summary>
    public static IReadOnlyList<string> TokenDeletes { get; } = ["/images/{alias}"];

    /// <summary>
    /// Gets the route patterns that have <see cref="Policies.UploadsWrite"/>: a signed address is a right to one upload, as its signer gave
    /// it to somebody without a key. They answer 401 without one and without a key.
    /// </summary>
    /// <remarks>
    /// <c>OPTIONS /uploads</c> is answered to everybody: browsers ask it without credentials before they send a request of another site's
    /// page. The answer depends on the settings only.
    /// </remarks>
    public static IReadOnlyList<string> SignedUploads { get; } =
    [
        "/uploads/",
        "/uploads/parts",
        "/uploads/sign",
        "/uploads/{id}",
        "/uploads/{id}/complete",
        "/uploads/{id}/parts",
        "/uploads/{id}/parts/{number}",
    ];
}
