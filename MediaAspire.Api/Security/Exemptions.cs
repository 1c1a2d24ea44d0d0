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

        // The parts of the reference's page, which Scalar's package marks as public: they say nothing about this cluster. The page itself
        // and the document need a key.
        "/scalar/favicon.svg",
        "/scalar/scalar.aspnetcore.js",
        "/scalar/scalar.js",
    ];
}
