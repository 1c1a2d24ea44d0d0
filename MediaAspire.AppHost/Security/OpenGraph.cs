using Microsoft.Extensions.Configuration;

namespace MediaAspire.AppHost.Security;

/// <summary>The setting <c>Security:Open</c>, with which no request needs a key or a token.</summary>
internal static class OpenGraph
{
    private const string Setting = "Security:Open";

    /// <summary>Refuses to publish an open graph.</summary>
    /// <exception cref="DistributedApplicationException">The graph is published and open.</exception>
    public static void RefuseToPublishOpenGraph(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode && builder.Configuration.GetValue<bool>(Setting))
        {
            throw new DistributedApplicationException(
                $"{Setting} is true: anyone who reaches the published graph could read and delete every file. Remove the setting.");
        }
    }
}
