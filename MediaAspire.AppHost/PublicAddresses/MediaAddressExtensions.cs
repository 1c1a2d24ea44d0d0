namespace MediaAspire.AppHost.PublicAddresses;

/// <summary>Tells the API the address under which others reach its links to media.</summary>
internal static class MediaAddressExtensions
{
    private const string Setting = "Media:PublicAddress";

    /// <summary>Passes the address of the endpoint as <c>Media:PublicAddress</c>, unless the settings have one.</summary>
    /// <remarks>A deployment does not know the address under which its proxy is reached: there the setting stays empty until it is set.</remarks>
    public static IResourceBuilder<ProjectResource> WithAddressOfMedia(this IResourceBuilder<ProjectResource> api, string endpointName) =>
        api.ApplicationBuilder.ExecutionContext.IsPublishMode || api.ApplicationBuilder.Configuration[Setting] is not null
            ? api
            : api.WithEnvironment("Media__PublicAddress", api.GetEndpoint(endpointName));
}
